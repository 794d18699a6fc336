/** The reader's rules: which PDF a tab shows, what a PDF says of itself, and its pages as one text. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { fingerprintIn, isReader, localName, readerPath, seemsPdf, shownAddress } from '../../extension/src/reader/address.js';
import { pageOf } from '../../extension/src/reader/about.js';
import { hitsOf } from '../../extension/src/reader/find.js';
import { pageSelectors } from '../../extension/src/reader/marks.js';
import { obeyReaderMenu, pdfFor } from '../../extension/src/reader/open.js';
import { pageAt, partsOf, piecesOf, textOf } from '../../extension/src/reader/text.js';
import { namesOf } from '../../extension/src/names.js';
import { lookUp, savePage } from '../../extension/src/save.js';
import { checked } from '../../extension/src/reader/bytes.js';
import { ANCHOR, makeDevice, makePage, save, speak } from './make.mjs';

const BASE = 'chrome-extension://abcdefghijklmnop/';
const PDF = 'https://arxiv.org/pdf/2401.01234v2';
const { scholium } = makePage('<body></body>', { scripts: ANCHOR });
globalThis.__scholium = scholium;
speak();

const lines = (...texts) => texts.map((str) => ({ str, hasEOL: true }));
const readOf = (pages) => {
  const whole = textOf(pages);
  return { whole, read: scholium.prepared({ text: whole.text, pieces: [] }) };
};

test("the reader's tab says which PDF it shows, and other tabs show themselves", () => {
  for (const pdf of [PDF, 'https://x.example/a?b=c&d=%2F#page=3', 'https://x.example/ü.pdf']) {
    assert.equal(shownAddress(BASE + readerPath(pdf)), pdf);
  }
  assert.equal(shownAddress(BASE + readerPath()), '');
  assert.equal(shownAddress(PDF), PDF);
  const forged = `https://evil.example/src/reader/reader.html?file=${encodeURIComponent(PDF)}`;
  assert.ok(!isReader(forged) && shownAddress(forged) === forged);
  assert.ok(isReader('moz-extension://5f0c/src/reader/reader.html') && !isReader(undefined));
});

test('a paper is known in the reader as it is on its pages', async () => {
  const { db } = await makeDevice();
  const key = await save(db, 'https://arxiv.org/abs/2401.01234');
  assert.equal((await lookUp(db, BASE + readerPath(PDF)))?.entry.key, key);
  assert.equal(await lookUp(db, BASE + readerPath('https://arxiv.org/pdf/2401.99999')), null);
});

test('a file without an address is called by its fingerprint, and by nothing that looks like one', () => {
  assert.equal(fingerprintIn(localName('FE49EC')), 'fe49ec');
  assert.deepEqual(namesOf(localName('fe49ec')), ['pdf:fe49ec']);
  for (const odd of ['urn:x-pdf:', 'urn:x-pdf:xyz', 'https://x.example/urn:x-pdf:aa', `urn:x-pdf:${'a'.repeat(129)}`]) {
    assert.equal(fingerprintIn(odd), null);
  }
});

test('a file that does not say which paper it is, is not saved', async () => {
  const { db } = await makeDevice();
  const tab = { url: BASE + readerPath(localName('aa')) };
  await assert.rejects(savePage(db, tab), { code: 'paper_unknown' });
  await assert.rejects(savePage(db, { url: BASE + readerPath() }), { code: 'page_closed' });
});

test('addresses of PDFs are told from those of pages', () => {
  const pdfs = [PDF, 'https://x.example/a.PDF?dl=1', 'https://dl.acm.org/doi/epdf/10.1145/1', 'https://x.example/content/pdf/a'];
  for (const one of pdfs) assert.ok(seemsPdf(one), one);
  const pages = ['https://arxiv.org/abs/2401.01234', 'https://x.example/pdfs', 'https://x.example/?a=b.pdf', 'file:///a.pdf', ''];
  for (const one of pages) assert.ok(!seemsPdf(one), one);
});

test('the reader is offered on a PDF, and on a page whose paper has one; not in the reader itself', () => {
  assert.equal(pdfFor(PDF, null), PDF);
  assert.equal(pdfFor('https://x.example/abs', { pdf: 'https://x.example/a.pdf', names: [] }), 'https://x.example/a.pdf');
  assert.equal(pdfFor('https://x.example/abs', { pdf: null, names: ['arxiv:2401.01234'] }), 'https://arxiv.org/pdf/2401.01234');
  assert.equal(pdfFor('https://x.example/abs', { pdf: null, names: ['doi:10.1000/1'] }), null);
  assert.equal(pdfFor(BASE + readerPath(PDF), { pdf: PDF, names: [] }), null);
});

test('the menu opens the link that was clicked, else the page, and what is not of the web as a file to choose', async () => {
  const opened = [];
  const create = async ({ url }) => void opened.push(url);
  globalThis.chrome = { ...globalThis.chrome, tabs: { create }, runtime: { getURL: (path) => BASE + path } };
  await obeyReaderMenu('read-pdf-link', 'https://x.example/', PDF);
  await obeyReaderMenu('read-pdf', PDF, undefined);
  await obeyReaderMenu('read-pdf', 'file:///home/a.pdf', undefined);
  await obeyReaderMenu('read-pdf-link', PDF, 'javascript:alert(1)');
  const [whole, none] = [BASE + readerPath(PDF), BASE + readerPath()];
  assert.deepEqual(opened, [whole, whole, none, none]);
  assert.equal(obeyReaderMenu('save-page', PDF, undefined), null);
});

test('only what begins as a PDF is taken for one', () => {
  const bytes = (/** @type {string} */ text) => new TextEncoder().encode(text);
  assert.ok(checked(bytes('%PDF-1.7\n')) && checked(bytes(`${' '.repeat(1024)}%PDF-1.4`)));
  for (const text of ['', '<!doctype html><title>Sign in</title>', `${' '.repeat(1025)}%PDF-1.4`]) {
    assert.throws(() => checked(bytes(text)), { code: 'pdf_not_pdf' });
  }
});

test('what a PDF says of itself: the stamp of arXiv, its metadata, the only DOI of its first page', () => {
  const stamp = 'arXiv:2401.01234v2 [cs.LG] 3 Jan 2024\nAnchors cite 10.1000/other here.';
  assert.equal(pageOf({ info: {}, metadata: null }, '', stamp, '').canonical, 'https://arxiv.org/abs/2401.01234v2');
  const said = (info, first = '', metadata = {}) =>
    pageOf({ info, metadata: { get: (name) => metadata[name] } }, first, first, '').canonical;
  assert.equal(said({}, '', { 'prism:doi': '10.1000/182' }), 'https://doi.org/10.1000/182');
  assert.equal(said({ Custom: { doi: 'https://doi.org/10.1000/182' } }), 'https://doi.org/10.1000/182');
  assert.equal(said({}, 'Published as doi:10.1000/182. See 10.1000/182, too'), 'https://doi.org/10.1000/182');
  assert.equal(said({}, 'Two: 10.1000/182 and 10.1000/183 too'), null);
  assert.equal(said({}, 'Cut at the line: 10.1000/j.cell.2020.\n01.021'), null);
  assert.equal(pageOf({ info: {}, metadata: null }, '', stamp, 'https://doi.org/10.1000/1').canonical, 'https://doi.org/10.1000/1');
});

test("a title is one that a person would use, and a PDF's lies about types do no harm", () => {
  const titleOf = (info) => pageOf({ info, metadata: null }, '', '', '').title;
  assert.equal(titleOf({ Title: '  Anchors\u0000 that   hold ' }), 'Anchors that hold');
  for (const Title of ['Microsoft Word - final.docx', 'paper_v3.dvi', 'untitled', 'x', 7, null, {}, ['a']]) {
    assert.equal(titleOf({ Title }), '');
  }
});

test('pages and lines are one text, and every offset knows its page', () => {
  const { whole } = readOf([lines('One line', 'and another'), [], [{ str: 'Two', hasEOL: false }, { str: ' ', hasEOL: false }, { str: 'cols', hasEOL: true }]]);
  assert.equal(whole.text, 'One line\nand another\n\n\nTwo cols\n\n');
  assert.deepEqual([0, 9, whole.text.indexOf('Two')].map((at) => pageAt(whole, at)), [1, 1, 3]);
  const [from, to] = [whole.text.indexOf('another'), whole.text.indexOf('cols')];
  assert.deepEqual(
    partsOf(whole, from, to).map((part) => [part.page, whole.text.slice(part.from, part.to)]),
    [
      [1, 'another\n'],
      [3, 'Two '],
    ],
  );
});

test('the words on the screen are found by the number of their item', () => {
  const { whole } = readOf([[{ str: 'Two', hasEOL: false }, { type: 'beginMarkedContent' }, { str: '', hasEOL: true }, { str: 'cols', hasEOL: true }]]);
  const nodes = [{ data: 'Two' }, { data: 'cols' }, { data: 'of a later version' }];
  const pieces = piecesOf(whole.pages[0], nodes);
  assert.deepEqual(pieces.map(({ node, start }) => [node.data, whole.text.slice(start, start + node.data.length)]), [
    ['Two', 'Two'],
    ['cols', 'cols'],
  ]);
});

test('a page is named by its number, and by its label where that differs', () => {
  const conformsTo = 'http://tools.ietf.org/rfc/rfc3778';
  assert.deepEqual(pageSelectors(3, '3'), [{ type: 'FragmentSelector', value: 'page=3', conformsTo }]);
  assert.deepEqual(pageSelectors(3, 'iii')[1], { type: 'PageSelector', index: 2, label: 'iii' });
});

test('words are found over line ends, hyphens, ligatures and accents, but not within other words', () => {
  const { read, whole } = readOf([lines('An ef\ufb01cient method for extraor-', 'dinary caf\u00e9s. Basin as', 'in a therapist.')]);
  const found = (/** @type {string} */ words) => hitsOf(read, words).map(({ start, end }) => whole.text.slice(start, end));
  assert.deepEqual(found('EFFICIENT METHOD'), ['ef\ufb01cient method']);
  assert.deepEqual(found('extraordinary cafes'), ['extraor-\ndinary caf\u00e9s']);
  assert.deepEqual(found('as in'), ['as\nin']);
  assert.deepEqual(found('asin'), ['asin']);
  assert.deepEqual(found('the rapist'), []);
  assert.deepEqual(found('  '), []);
  assert.equal(hitsOf(readOf([lines('a '.repeat(5000))]).read, 'a').length, 1000);
});
