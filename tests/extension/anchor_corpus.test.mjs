/** Highlights over time: hundreds of quotes of whole pages, found again after the page was set anew, edited, or cut. */

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

import { ANCHOR, makePage } from './make.mjs';

const PAGES = new URL('../../../shared/fixtures/pages/', import.meta.url);
const REAL = ['peerj/papis-fallback_peerj', 'pmc/PMC3531190', 'plos/pone.0000001', 'acl/2021.naacl-main.208'];
REAL.push('arxiv/abs-1706.03762', 'arxiv/abs-0906.2112v3-devrender', 'nber/w29971', 'non_paper/lesswrong-defuddle');
const QUOTES = 36; // of each page
const LENGTHS = [8, 16, 25, 40, 60, 90, 150, 300, 700];
const SHORT = 12; // letters, below which a quote is not looked for when it was edited
const { scholium } = makePage('<body></body>', { scripts: ANCHOR });

/** The same row of numbers from 0 to 1 on every run. */
function chances(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A paper of our own that repeats itself, with formulas, ligatures and hyphens at line ends. */
function ownPaper() {
  const chance = chances(7);
  const pick = (list) => list[Math.floor(chance() * list.length)];
  const [who, does, what] = ['the model|our method|a baseline|the prior|each layer|the ﬁnal eﬀect', 'improves|limits|does not change|de-\ntermines|approximates', 'the error|λ → 0|‖x − y‖₂ ≤ ε|p < 0.05|the learning-rate sched-\nule|naïve sampling|the état de l’art'].map((one) => one.split('|'));
  const sentence = () => `In ${pick(['Table', 'Fig.', 'Section'])} ${Math.ceil(chance() * 9)} ${pick(who)} ${pick(does)} ${pick(what)}${chance() < 0.3 ? `, as “${pick(who)}” ${pick(does)} ${pick(what)}` : ''}.`;
  const paragraph = () => Array.from({ length: 6 }, sentence).join(' ');
  return Array.from({ length: 60 }, (_, i) => (i % 7 ? paragraph() : 'See the appendix for all details.')).join('\n\n');
}

/** name → text of each page */
function pages() {
  const own = [['own paper', ownPaper()]];
  if (!existsSync(PAGES)) return own;
  const real = REAL.map((name) => {
    const page = makePage(readFileSync(new URL(`${name}.html`, PAGES), 'utf8'), { scripts: ['text'] });
    return [name, page.scholium.text.read().text];
  });
  return [...own, ...real];
}

const viewOf = (text) => scholium.prepared({ text, pieces: [] });

/** Quotes of a page: where they stand, and their selectors as the extension makes them. */
function quotesOf(text, seed) {
  const chance = chances(seed);
  const view = viewOf(text);
  const found = [];
  while (found.length < QUOTES) {
    const length = LENGTHS[found.length % LENGTHS.length];
    let from = Math.floor(chance() * (text.length - length));
    while (from > 0 && !/\s/.test(text[from - 1])) from -= 1;
    let to = from + length;
    while (to < text.length && !/\s/.test(text[to])) to += 1;
    while (from < to && /\s/.test(text[from])) from += 1;
    while (to > from && /\s/.test(text[to - 1])) to -= 1;
    if (text.slice(from, to).replace(/\s/g, '').length < 3) continue;
    const position = { type: 'TextPositionSelector', start: from, end: to };
    found.push({ from, to, selectors: [scholium.telling(view, from, to), position] });
  }
  return found;
}

/** Edit a share of the characters: another letter, one less, one more; sometimes a whole word. */
function edited(text, share, chance) {
  const letter = () => 'etaoinshrdlu'[Math.floor(chance() * 12)];
  let out = '';
  for (const character of text) {
    if (/\s/.test(character) || chance() >= share) out += character;
    else out += [letter(), '', character + letter()][Math.floor(chance() * 3)];
  }
  return out;
}

/** Whether a place is the one that was meant: most of each is in the other. */
function isRight(text, place, from, to) {
  const letters = (a, b) => text.slice(a, Math.max(a, b)).replace(/\s/g, '').length;
  const shared = letters(Math.max(place.start, from), Math.min(place.end, to));
  return shared > 0.5 * letters(Math.min(place.start, from), Math.max(place.end, to));
}

/** Find every quote (or every third) in its page as `change` makes it; `change` returns the text before, at, and after it. */
function tally(change, third) {
  const sums = { cases: 0, found: 0, exact: 0, short: 0, missed: [], wrong: [] };
  for (const [n, { name, text, quotes }] of CORPUS.entries()) {
    const chance = chances(100 + n);
    for (const [i, { from, to, selectors }] of quotes.entries()) {
      if (third !== undefined && i % 3 !== third) continue;
      const [before, at, after] = change(text, from, to, chance);
      const page = before + at + after;
      const place = scholium.placeIn(viewOf(page), selectors);
      const told = `${name}: ${JSON.stringify(selectors[0])}`;
      const isShort = selectors[0].exact.replace(/\s/g, '').length < SHORT;
      sums.cases += 1;
      if (!place && isShort) sums.short += 1;
      else if (!place) sums.missed.push(told);
      else if (!isRight(page, place, before.length, before.length + at.length)) sums.wrong.push(told);
      else sums.found += 1;
      if (place?.state === 'exact') sums.exact += 1;
    }
  }
  return sums;
}

const CORPUS = pages().map(([name, text], n) => ({ name, text, quotes: quotesOf(text, n) }));

const asItWas = (text, from, to) => [text.slice(0, from), text.slice(from, to), text.slice(to)];

/** Everything at once that a new edition of a page does to the same words. */
function setAnew(text) {
  return text
    .replace(/ffi|fi|fl/g, (one) => ({ ffi: '\ufb03', fi: '\ufb01', fl: '\ufb02' })[one])
    .replace(/(\p{L}{4})(\p{L}{4})/gu, '$1\u00ad$2')
    .replace(/(\w) (\w)/g, '$1\n   $2')
    .replace(/'/g, '\u2019')
    .normalize('NFD');
}

test('an unchanged page gives every quote back, at its place', () => {
  const { cases, exact, wrong } = tally(asItWas);
  assert.ok(cases >= QUOTES && (cases >= 300 || !existsSync(PAGES)));
  assert.deepEqual([exact, wrong], [cases, []]);
});

test('spaces, soft hyphens, ligatures, quotation marks and decomposed accents change nothing', () => {
  const { cases, exact, wrong } = tally((...place) => asItWas(...place).map(setAnew));
  assert.deepEqual([exact, wrong], [cases, []]);
});

test('a hyphen at the end of a line is no letter', () => {
  const old = 'It was found that large language models are few-shot learners of many tasks, and that scale matters.';
  const view = viewOf(old);
  const from = old.indexOf('language');
  const quote = scholium.telling(view, from, old.indexOf(' of many'));
  const page = old.replace('language', 'lan-\nguage').replace('few-shot', 'few-shot');
  const place = scholium.placeIn(viewOf(page), [quote]);
  assert.deepEqual(
    [page.slice(place.start, place.end), place.state],
    ['lan-\nguage models are few-shot learners', 'exact'],
  );
});

test('formulas are found by their letters, and one sign is not another', () => {
  const page = 'We show that ‖x − y‖₂ ≤ ε holds. Then ‖x + y‖₂ ≤ ε fails. Finally x ≠ y, and x = y never.';
  for (const words of ['‖x − y‖₂ ≤ ε', '‖x + y‖₂ ≤ ε', 'x ≠ y', 'x = y']) {
    const from = page.indexOf(words);
    const place = scholium.placeIn(viewOf(page), [scholium.telling(viewOf(page), from, from + words.length)]);
    assert.deepEqual([place.start, place.end], [from, from + words.length]);
  }
});

/** Another edition: a banner above, and letters edited in the quote and 40 characters around it. */
function edition(share) {
  return (text, from, to, chance) => {
    const [low, high] = [Math.max(0, from - 40), to + 40];
    const before = edited(text.slice(low, from), share, chance);
    const after = edited(text.slice(to, high), share, chance);
    return [
      `A banner that was not there before. ${text.slice(0, low)}${before}`,
      edited(text.slice(from, to), share, chance),
      after + text.slice(high),
    ];
  };
}

test('of quotes with a tenth of their letters edited 95 % are found, and none elsewhere', () => {
  const { cases, found, short, wrong, missed } = tally(edition(0.1));
  assert.deepEqual(wrong, []);
  assert.ok(found >= 0.95 * (cases - short), `${found} of ${cases - short}: ${missed.join('\n')}`);
});

test('where a fifth of the letters changed none is found elsewhere', () => {
  assert.deepEqual(tally(edition(0.2), 0).wrong, []);
});

test('a passage that was cut or rewritten is nowhere, for its like is not it', () => {
  const filler = 'something that speaks of another matter altogether '.repeat(20);
  const cut = tally((text, from, to) => [text.slice(0, from), '', text.slice(to)], 0);
  const rewritten = tally((text, from, to) => [text.slice(0, from), filler.slice(0, to - from), text.slice(to)], 1);
  const section = tally((text, from, to) => [text.slice(0, Math.max(0, from - 300)), '', text.slice(to + 300)], 2);
  for (const { cases, wrong } of [cut, rewritten, section]) {
    // One page holds lists of editors in XML, where a whole record differs from the next by a name.
    assert.deepEqual(wrong.filter((one) => !one.includes('namePart')), []);
    assert.ok(wrong.length <= cases / 100, wrong.join('\n'));
  }
});
