/**
 * How long anchoring takes on a page of 300,000 characters: `node tests/extension/anchor_bench.mjs`. Prints, judges nothing.
 */

import { performance } from 'node:perf_hooks';

import { ANCHOR, makePage } from './make.mjs';

const SIZE = 300_000;
const ROUNDS = 10;
const { scholium } = makePage('<body></body>', { scripts: ANCHOR });

/** Words that come as often as those of a language do, some of them all the time. */
function longText() {
  let [text, state] = ['', 7];
  while (text.length < SIZE) {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    const rank = Math.floor(4000 ** ((state >>> 8) / 0x800000));
    text += `${(rank * 7919).toString(36).replace(/\d/g, 'a')}${state % 11 ? ' ' : '. '}`;
  }
  return text;
}

/** @returns milliseconds, the median of some rounds */
function median(work) {
  const times = Array.from({ length: ROUNDS }, () => {
    const began = performance.now();
    work();
    return performance.now() - began;
  });
  return times.sort((a, b) => a - b)[ROUNDS >> 1].toFixed(1);
}

const text = longText();
const viewOf = (of) => scholium.prepared({ text: of, pieces: [] });
const view = viewOf(text);
const from = text.indexOf(' ', SIZE * 0.7) + 1;
console.log(`reading ${median(() => viewOf(text))} ms`);
for (const length of [12, 200, 2000, 15000]) {
  const quote = scholium.telling(view, from, from + length);
  const other = text.slice(0, from) + text.slice(from, from + length).replace(/e/g, 'o') + text.slice(from + length);
  const [edited, cut] = [viewOf(other), viewOf(text.slice(0, from) + text.slice(from + length))];
  console.log(
    `${length} characters: described ${median(() => scholium.telling(view, from, from + length))} ms,`,
    `found ${median(() => scholium.placeIn(view, [quote]))} ms,`,
    `found edited ${median(() => scholium.placeIn(edited, [quote]))} ms (${scholium.placeIn(edited, [quote])?.score}),`,
    `not found ${median(() => scholium.placeIn(cut, [quote]))} ms (${scholium.placeIn(cut, [quote])})`,
  );
}
