/** The extension reads an address as the server does: one table of cases for both. */

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';

import { identify } from '../../extension/src/identity.js';

const cases = JSON.parse(await readFile(new URL('../wire/identity.json', import.meta.url), 'utf8'));

for (const { in: text, error, ...expected } of cases) {
  if (error) {
    test(`${JSON.stringify(text)} is refused`, () => {
      assert.throws(() => identify(text), { code: error });
    });
    continue;
  }
  test(`${text} is ${expected.canonical_url}`, () => {
    const { manifestation, ...found } = identify(text);
    assert.deepEqual(found, expected);
    assert.match(manifestation, /^(?:abs|pdf|html|landing)$/);
  });
  test(`${expected.canonical_url} is itself`, () => {
    const { kind, identifiers, canonical_url } = identify(expected.canonical_url);
    const { version, ...same } = expected;
    assert.deepEqual({ kind, identifiers, canonical_url }, same);
  });
}

test('a text over 8,192 characters is refused', () => {
  assert.throws(() => identify(`https://example.org/${'a'.repeat(8192)}`), { code: 'bad_url' });
});

test('an unpaired surrogate is refused', () => {
  assert.throws(() => identify('https://example.org/\ud800'), { code: 'bad_url' });
});
