/**
 * The extension's hands in a page: injects the classic scripts of `page/` and asks them.
 *
 * Content scripts are no modules, and offering modules to pages would let them find the extension out; so the scripts
 * hang on one object in the isolated world and are injected at the moment they are needed, never before. The extension
 * asks, and the page's answer is material, never an instruction; only the toolbar sends, and no more than a colour.
 */

import { insertStyle, runFiles, runInPage, tabOf } from './browser.js';
import { NothingSelected, PageClosed } from './errors.js';
import { styleName, styleSheet } from './paint_style.js';
import { isReader } from './reader/address.js';
import { ask } from './reader/ask.js';

/** @import { Page, Selector, View } from "./wire.js" */

// From the root: Firefox reads other paths as beginning at the page that asks.
const COLLECT = ['/src/page/collect.js'];
const ANCHOR = ['text', 'grams', 'align', 'match', 'anchor'].map((name) => `/src/page/${name}.js`);
const PAINT = [...ANCHOR, '/src/page/paint.js'];
const TOOLBAR = ['/src/page/toolbar.js'];
const LISTING = ['/src/page/listing.js'];

const MOST_SELECTED = 15_000; // characters: the server takes 64 KiB of selectors

/**
 * What the page in a tab says about itself.
 * @param {number} tabId
 * @returns {Promise<Page | null>} null where the browser lets nobody in: its own pages, its PDF viewer
 */
export async function readPage(tabId) {
  try {
    return await inside(tabId, COLLECT, 'collect');
  } catch {
    return null;
  }
}

/** A link of a page, the title that stands beside it, and whether the link itself is a heading.
 * @typedef {{url: string, title: string, heads: boolean}} ListedLink */

/**
 * The links of a page that lists papers.
 * @param {number} tabId
 * @returns {Promise<ListedLink[]>} in the order of the page; none where the browser lets nobody in
 */
export async function readListing(tabId) {
  return inside(tabId, LISTING, 'listing').catch(() => []);
}

/**
 * The selection in a tab.
 * @param {number} tabId
 * @returns {Promise<{exact: string, selectors: Selector[]}>} raises NothingSelected or PageClosed
 */
export async function readSelection(tabId) {
  const described = await inside(tabId, ANCHOR, 'describe');
  if (!described?.exact) throw new NothingSelected();
  if (described.exact.length > MOST_SELECTED) throw new NothingSelected('too_much');
  return described;
}

/** Where a highlight was found on the page; `start` orders them, `score` is from 0 to 1.
 * @typedef {{key: string, state: "exact" | "fuzzy" | "fixed" | "orphan", score: number, start: number}} Anchored */

/**
 * Paint these highlights in a tab, and no others.
 * @param {number} tabId
 * @param {View[]} highlights
 * @returns {Promise<Anchored[]>} in their order; raises PageClosed
 */
export async function paint(tabId, highlights) {
  const colors = highlights.map((one) => one.data.color);
  const marks = highlights.map(({ key, data }) => {
    return { key, selectors: data.selectors, anchor: data.anchor ?? null, style: styleName(data.color) };
  });
  if (colors.length) await insertStyle(tabId, styleSheet(colors)).catch(() => undefined);
  return inside(tabId, PAINT, 'paint', marks);
}

/**
 * Bring a painted highlight into view.
 * @param {number} tabId
 * @param {string} key
 * @returns {Promise<boolean>} false where it is not painted; raises PageClosed
 */
export async function scrollTo(tabId, key) {
  return Boolean(await inside(tabId, [], 'show', key));
}

/**
 * Offer the toolbar at selections, for as long as the page is open.
 * @param {number} tabId
 * @param {object} words as `page/toolbar.js` takes them
 */
export async function offerToolbar(tabId, words) {
  await inside(tabId, TOOLBAR, 'toolbar', words);
}

/**
 * Ask what `page/` put into a page, or what the reader has in its place.
 * @param {number} tabId @param {string[]} files to put there first @param {string} wish @param {unknown[]} words
 * @returns {Promise<any>} raises PageClosed
 */
async function inside(tabId, files, wish, ...words) {
  try {
    if (isReader((await tabOf(tabId)).url)) return await ask(tabId, wish, words);
    if (files.length) await runFiles(tabId, files);
    return await runInPage(tabId, (name, list) => /** @type {any} */ (globalThis).__scholium?.[name]?.(...list), [
      wish,
      words,
    ]);
  } catch {
    throw new PageClosed('page_shut');
  }
}
