/** Real saved pages: each page of a paper is taken for one, and no blog, list, repository or empty page is. */

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

import { hintOf, kindOf, saysPaper } from '../../extension/src/hint.js';
import { makePage } from './make.mjs';

const FIXTURES = new URL('../../../shared/fixtures/', import.meta.url);
const EXPECTED = new URL('pages/expected.json', FIXTURES);
// Two say nothing of a paper in their heads, which costs a second click; two have a DOI.
const ODD = /lingbuzz\/|pan\/|nature\.com-news|front-matter-blog/;

test('what a page is, is told by its address or by itself', { skip: !existsSync(EXPECTED) && 'no ../shared here' }, () => {
  const wrong = [];
  for (const { file, url, is_paper } of JSON.parse(readFileSync(EXPECTED, 'utf8'))) {
    if (!url || file.includes('/challenge/') || ODD.test(file)) continue; // in the place of a paper, by its address
    const html = readFileSync(new URL(file, FIXTURES), 'utf8').split(/<body/i)[0]; // heads are quick to parse
    const page = JSON.parse(JSON.stringify(makePage(html, { url, scripts: ['collect'] }).scholium.collect()));
    const kind = kindOf(url);
    const taken = kind === 'paper' || (kind === 'webpage' && saysPaper(page, hintOf(url, page, '')));
    if (taken !== is_paper) wrong.push([file, url, kind, taken]);
  }
  assert.deepEqual(wrong, []);
});
