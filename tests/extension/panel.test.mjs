/** The panel draws what others wrote: as words, whatever they look like, and with links that lead to the web alone. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { makePage } from './make.mjs';

const PAYLOADS = [
  '<script>boom()</script>',
  '<img src=x onerror=boom()>',
  '<svg/onload=boom()>',
  '"><iframe srcdoc="<script>boom()</script>">',
  '</style><style>*{display:none}</style>',
  '<a href="javascript:boom()">x</a>',
  '<details open ontoggle=boom()>',
  '<math><mtext></mtext><script>boom()</script></math>',
  '<template><script>boom()</script></template>',
  '<scholium-toolbar>',
  '&lt;script&gt;boom()&lt;/script&gt;',
  '\u202e<b>right to left</b>\u202c',
  '{{constructor.constructor("boom()")()}}',
  'red; } body { display: none',
  'url(javascript:boom())',
  "' onmouseover='boom()",
  '<!--><script>boom()</script-->',
  '\u0000<b>\u0000',
];

const { window, document } = makePage('<body><ul id="list"></ul><div id="box"></div></body>');
Object.assign(globalThis, { document, window, chrome: { i18n: { getMessage: (name) => name } } });
const { drawMark, drawSwatches } = await import('../../extension/src/panel/draw.js');
const { drawLinks } = await import('../../extension/src/paper_links.js');

const deeds = { go() {}, edit() {}, attach() {} };
const OURS = new Set(['LI', 'BUTTON', 'P', 'DIV', 'SPAN', 'EM', 'LABEL', 'INPUT', 'A']);

/** No element and no attribute that the panel did not make itself. */
function assertPlain(element) {
  for (const one of [element, ...element.querySelectorAll('*')]) {
    assert.ok(OURS.has(one.nodeName), one.outerHTML);
    for (const { name } of one.attributes) assert.ok(!name.startsWith('on'), one.outerHTML);
  }
}

test('quotes, comments, tags and meanings are words', () => {
  for (const text of PAYLOADS) {
    const view = { key: text, data: { color: text, comment: text, selectors: [{ exact: text }] } };
    const mark = { view, state: 'orphan', tags: [{ key: text, also: [], name: text, color: text, count: 0 }], meaning: text };
    const item = drawMark(mark, deeds);
    assertPlain(item);
    assert.equal(item.querySelector('.quote').textContent, text);
    assert.equal(item.querySelector('.comment').textContent, text);
    assert.equal(item.querySelector('.tag').textContent, text);
    assert.ok(!/display|background/.test(item.getAttribute('style') ?? ''));
    const box = document.getElementById('box');
    drawSwatches(box, [{ color: text, name: text, css: text }], { type: 'radio', name: 'color', chosen: [] });
    assertPlain(box);
  }
});

test('links lead to the web, and only to what is there', () => {
  const links = [
    ...['javascript:boom()', 'data:text/html,<script>boom()</script>', ' javascript:boom()', 'file:///etc/passwd', '//x'].map(
      (url) => ({ kind: 'code', url, status: 'available' }),
    ),
    { kind: 'code', url: 'https://github.com/octo/gone', status: 'gone' },
    { kind: 'code', url: 'https://github.com/octo/paper', status: 'available' },
    { kind: '<b>', url: 'https://octo.github.io/"><script>boom()</script>', status: 'promised' },
  ];
  const list = document.getElementById('list');
  assert.equal(drawLinks(list, links), 2);
  assert.deepEqual(
    [...list.querySelectorAll('a')].map((one) => [one.protocol, one.rel, one.target]),
    Array(2).fill(['https:', 'noopener noreferrer', '_blank']),
  );
  for (const item of list.children) assertPlain(item);
});

test('an orphan offers to be attached and leads nowhere; a highlight in its place leads there', () => {
  const calls = [];
  const told = { go: (key) => calls.push(['go', key]), edit: () => {}, attach: (key) => calls.push(['attach', key]) };
  const view = (key) => ({ key, data: { color: 'green', comment: null, selectors: [{ exact: 'words' }] } });
  const drawn = (key, state) => drawMark({ view: view(key), state, tags: [], meaning: 'Result' }, told);
  const [lost, found] = [drawn('a', 'orphan'), drawn('b', 'exact')];
  for (const item of [lost, found]) for (const one of item.querySelectorAll('.quote, .attach')) one.click();
  assert.deepEqual(calls, [
    ['attach', 'a'],
    ['go', 'b'],
  ]);
});
