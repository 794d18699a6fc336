/** Highlights between the HTML of a paper and its PDF, as TeX sets it and PDF.js reads it: columns, ligatures, hyphens. */

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';

import { textOf } from '../../extension/src/reader/text.js';
import { ANCHOR, makePage } from './make.mjs';

const need = createRequire(new URL('../../extension/package.json', import.meta.url));
const OPENERS = ['We find', 'Others showed', 'It follows', 'Nobody doubts', 'Our trials confirm', 'The tables suggest'];
const SUBJECTS = ['efficient workflows', 'difficult configurations', 'affine filtrations', 'offline differentiations', 'flawless reflections', 'internationalization efforts', 'uncharacteristic misunderstandings'];
const VERBS = ['outperform', 'stabilize', 'contradict', 'approximate', 'invalidate'];
const OBJECTS = ['shuffled baselines', 'overconfident classifiers', 'extraordinarily hyphenated words', 'unofficial specifications', 'confluent rewritings', 'fifty-fifty decisions', 'off-policy estimators', 'finite-dimensional factorizations'];

/** Sentences of which no two are alike, though they share their words as those of a paper do. */
function sentences(count) {
  return Array.from({ length: count }, (_, i) => {
    const pick = (list, step) => list[Math.floor(i / step) % list.length];
    const words = [pick(OPENERS, 1), 'that', pick(SUBJECTS, 6), pick(VERBS, 42), pick(OBJECTS, 1)];
    return `${words.join(' ')} in ${100 + ((i * 37) % 800)} of ${1000 + i} runs.`;
  });
}

/** The text of a TeX document as the reader has it. */
async function setInTex(body) {
  const folder = mkdtempSync(join(tmpdir(), 'scholium-tex-'));
  try {
    const head = '\\documentclass[twocolumn]{article}\\usepackage[T1]{fontenc}\\usepackage{lmodern}\\pagestyle{headings}';
    writeFileSync(join(folder, 'a.tex'), `${head}\\begin{document}\\section{Anchors}${body}\\end{document}`);
    execFileSync('pdflatex', ['-interaction=batchmode', 'a.tex'], { cwd: folder, stdio: 'ignore' });
    return await readPdf(readFileSync(join(folder, 'a.pdf')));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function readPdf(bytes) {
  // Node 20 lacks it; browsers do not.
  Promise.withResolvers ??= function withResolvers() {
    let [resolve, reject] = [null, null];
    const promise = new this((a, b) => ([resolve, reject] = [a, b]));
    return { promise, resolve, reject };
  };
  const { getDocument } = await import(pathToFileURL(need.resolve('pdfjs-dist/legacy/build/pdf.mjs')));
  const task = getDocument({ data: new Uint8Array(bytes), verbosity: 0 });
  const doc = await task.promise;
  const pages = [];
  for (let number = 1; number <= doc.numPages; number += 1) {
    const page = await doc.getPage(number);
    pages.push((await page.getTextContent({ includeMarkedContent: true, disableNormalization: true })).items);
  }
  await task.destroy();
  return textOf(pages);
}

const hasTex = spawnSync('pdflatex', ['--version'], { stdio: 'ignore' }).status === 0;
const all = sentences(240);
const paragraphs = Array.from({ length: 24 }, (_, i) => all.slice(i * 10, i * 10 + 10));

test('what is highlighted on the HTML is found on the PDF, and the other way', { skip: !hasTex && 'pdflatex is not here' }, async () => {
  const html = `<body><h1>Anchors</h1>${paragraphs.map((some, i) => `<p id="p${i}">${some.join(' ')}</p>`).join('')}</body>`;
  const page = makePage(html, { scripts: ANCHOR });
  const { scholium } = page;
  const onPage = scholium.prepared();
  const whole = await setInTex(paragraphs.map((some) => some.join(' ')).join('\n\n'));
  const onPdf = scholium.prepared({ text: whole.text, pieces: [] });
  assert.ok(whole.pages.length >= 2 && /-\n/.test(whole.text), 'several pages, and words cut at line ends');
  // A hyphen at a line's end may be the word's own: the place is right, whatever it is taken for.
  const plain = (/** @type {string} */ text) => scholium.text.squeezed(text).text.replaceAll('-', '');
  let [crossed, broken] = [0, 0];
  for (const sentence of all) {
    const at = onPage.reading.text.indexOf(sentence);
    const made = JSON.parse(JSON.stringify(scholium.describeText(onPage, at, at + sentence.length)));
    const place = scholium.placeIn(onPdf, made.selectors);
    assert.ok(place, sentence);
    const words = whole.text.slice(place.start, place.end);
    // A running head may stand in it, or before its first word.
    assert.ok(plain(words).startsWith(plain(sentence).slice(0, 9)) || plain(words).endsWith(plain(sentence).slice(-9)));
    if (plain(words) !== plain(sentence)) {
      broken += 1;
      continue;
    }
    const again = JSON.parse(JSON.stringify(scholium.describeText(onPdf, place.start, place.end)));
    const back = scholium.placeIn(onPage, again.selectors);
    assert.equal(back?.start, at, sentence);
    crossed += 1;
  }
  assert.ok(crossed + broken === all.length && broken < 2 * whole.pages.length, `${broken} of ${crossed}`);
});

test('the same words on a later version of a PDF are found, changed ones said to be, and lost ones not guessed', { skip: !hasTex && 'pdflatex is not here' }, async () => {
  const first = await setInTex(paragraphs.map((some) => some.join(' ')).join('\n\n'));
  const { scholium } = makePage('<body></body>', { scripts: ANCHOR });
  const later = paragraphs.map((some, i) =>
    some
      .filter((_, k) => (i + k) % 7 !== 3)
      .map((one, k) => ((i + k) % 5 === 2 ? one.replace('that', 'again that').replace('runs', 'long runs') : one))
      .join(' '),
  );
  const second = await setInTex(`A paragraph that was not there before.\n\n${later.join('\n\n')}`);
  const [before, after] = [first, second].map(({ text }) => scholium.prepared({ text, pieces: [] }));
  const plain = (/** @type {string} */ text) => scholium.text.squeezed(text).text;
  const states = { exact: 0, fuzzy: 0, orphan: 0 };
  for (const sentence of all.slice(0, 120)) {
    const place = scholium.placeIn(before, [{ type: 'TextQuoteSelector', exact: sentence, prefix: '', suffix: '' }]);
    if (!place) continue;
    const { selectors } = JSON.parse(JSON.stringify(scholium.describeText(before, place.start, place.end)));
    const found = scholium.placeIn(after, selectors);
    states[found?.state ?? 'orphan'] += 1;
    if (!found) continue;
    const words = plain(second.text.slice(found.start, found.end));
    const number = /of (\d{4})/.exec(sentence)?.[1];
    assert.ok(words.includes(`of${number}`), `${sentence} is not ${words}`);
  }
  assert.ok(states.exact > 40 && states.fuzzy > 10 && states.orphan > 5, JSON.stringify(states));
});
