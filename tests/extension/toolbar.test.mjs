/** What a page can wish through the toolbar: one highlight, in a colour, and nothing else. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { wishIn } from '../../extension/src/marker.js';
import { palette } from '../../extension/src/palette.js';

const KINDS = ['sync', 'save', 'save-page', 'open-panel', 'token', 'session', 'everything', 'delete', '__proto__', ''];

test('only the two wishes of the toolbar are understood, letter by letter', () => {
  assert.deepEqual(wishIn({ type: 'mark', color: 'green' }), { type: 'mark', color: 'green' });
  assert.deepEqual(wishIn({ type: 'mark', color: '#a1b2c3' }), { type: 'mark', color: '#a1b2c3' });
  assert.deepEqual(wishIn({ type: 'note' }), { type: 'note' });
});

test('forged messages are not answered, however they look and however large they are', () => {
  const forged = [
    ...KINDS.map((type) => ({ type })),
    ...KINDS.map((type) => ({ type, color: 'green' })),
    ...[null, undefined, 0, true, 'mark', [], [{ type: 'mark', color: 'green' }], () => 'mark', { type: ['mark'] }],
    ...['', 'toString', 'constructor', 'pink', '#fff', '#A1B2C3', 'red; } body { display: none', 7, null, {}, []].map(
      (color) => ({ type: 'mark', color }),
    ),
    { type: 'mark', color: 'green', exact: 'words', selectors: [] },
    { type: 'mark', color: 'green', tab: 1, url: 'https://other.example' },
    { type: 'note', color: 'green' },
    { type: 'mark', color: 'x'.repeat(10_000_000) },
    { type: 'x'.repeat(10_000_000), color: 'green' },
  ];
  for (const message of forged) assert.equal(wishIn(message), null);
});

test('a library names its colours by tags, on the seven that are there and on its own', () => {
  const tag = (name, color) => ({ key: name, also: [], name, color, count: 0 });
  const tags = [
    tag('thesis', 'red'),
    tag('highlight/Open question', 'blue'),
    tag('Highlight/Lemma', '#123456'),
    tag('highlight/', 'green'),
  ];
  const found = palette(tags, (color) => `my ${color}`).map(({ color, name }) => [color, name]);
  assert.deepEqual(found.slice(0, 4), [
    ['yellow', 'my yellow'],
    ['green', 'my green'],
    ['blue', 'Open question'],
    ['red', 'my red'],
  ]);
  assert.deepEqual(found.at(-1), ['#123456', 'Lemma']);
});

test('the toolbar sends a colour and never words, and its root is shut', () => {
  const text = readFileSync(new URL('../../extension/src/page/toolbar.js', import.meta.url), 'utf8');
  assert.match(text, /attachShadow\(\{ mode: 'closed' \}\)/);
  assert.equal(text.match(/sendMessage\(/g).length, 1);
  assert.ok(!/onMessage|innerHTML|storage|postMessage/.test(text));
});
