/** A field for longer text keeps what is typed, also where its window ends, and shows nothing over it. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { makePage } from './make.mjs';

const { window, document } = makePage('<textarea></textarea>');
Object.assign(globalThis, { window, document, addEventListener: window.addEventListener.bind(window) });
const { TypedText } = await import('../../extension/src/typed_text.js');

function field(keeping = async () => undefined) {
  const kept = [];
  const area = document.querySelector('textarea');
  area.value = '';
  const type = (text) => {
    area.value = text;
    area.dispatchEvent(new window.Event('input'));
  };
  const text = new TypedText(area, (...said) => {
    kept.push(said);
    return keeping();
  });
  return { area, text, type, kept };
}

test('what is typed is kept when the field is left, once', () => {
  const { area, type, kept } = field();
  type('a thought');
  area.dispatchEvent(new window.Event('blur'));
  area.dispatchEvent(new window.Event('blur'));
  assert.deepEqual(kept, [['a thought', false]]);
});

test('what is typed is kept when the window ends, and whoever keeps it is told so', () => {
  const { type, kept } = field();
  type('half a thou');
  window.dispatchEvent(new window.Event('pagehide'));
  assert.deepEqual(kept, [['half a thou', true]]);
});

test('what is still being kept when the window ends is told once more, and what was kept is not', async () => {
  const never = field(() => new Promise(() => undefined));
  never.type('a thought');
  never.area.dispatchEvent(new window.Event('blur'));
  window.dispatchEvent(new window.Event('pagehide'));
  assert.deepEqual(never.kept, [
    ['a thought', false],
    ['a thought', true],
  ]);
  const done = field();
  done.type('a thought');
  await done.text.keep();
  window.dispatchEvent(new window.Event('pagehide'));
  assert.deepEqual(done.kept, [['a thought', false]]);
});

test('news does not overwrite what is being typed, nor what is being kept, but shows once that is done', async () => {
  const { area, text, type } = field();
  text.show('from another device');
  assert.equal(area.value, 'from another device');
  type('mine');
  text.show('news');
  assert.equal(area.value, 'mine');
  const kept = text.keep();
  text.show('read before it was kept');
  assert.equal(area.value, 'mine');
  await kept;
  text.show(null);
  assert.equal(area.value, '');
});
