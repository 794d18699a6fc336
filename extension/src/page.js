/**
 * The extension's hands in a page: injects the classic scripts of `page/` and asks them.
 *
 * Content scripts are no modules, and offering modules to pages would let them find the extension out; so the scripts
 * hang on one object in the isolated world and are injected at the moment they are needed, never before. The extension
 * asks, and the page's answer is material, never an instruction; only the toolbar sends, and no more than a colour.
 */

import { insertStyle, runFiles, runInPage } from './browser.js';
import { NothingSelected, PageClosed } from './errors.js';
import { styleName, styleSheet } from './paint_style.js';

/** @import { Page, Selector, View } from "./wire.js" */

// From the root: Firefox reads other paths as beginning at the page that asks.
const COLLECT = ['/src/page/collect.js'];
const ANCHOR = ['text', 'grams', 'align', 'match', 'anchor'].map((name) => `/src/page/${name}.js`);
const PAINT = [...ANCHOR, '/src/page/paint.js'];
const TOOLBAR = ['/src/page/toolbar.js'];

const MOST_SELECTED = 15_000; // characters: the server takes 64 KiB of selectors

/**
 * What the page in a tab says about itself.
 * @param {number} tabId
 * @returns {Promise<Page | null>} null where the browser lets nobody in: its own pages, its PDF viewer
 */
export async function readPage(tabId) {
  try {
    await runFiles(tabId, COLLECT);
    return await runInPage(tabId, () => /** @type {any} */ (globalThis).__scholium.collect());
  } catch {
    return null;
  }
}

/**
 * The selection in a tab.
 * @param {number} tabId
 * @returns {Promise<{exact: string, selectors: Selector[]}>} raises NothingSelected or PageClosed
 */
export async function readSelection(tabId) {
  const described = await inside(tabId, ANCHOR, () => /** @type {any} */ (globalThis).__scholium.describe());
  if (!described?.exact) throw new NothingSelected();
  if (described.exact.length > MOST_SELECTED) throw new NothingSelected('That is too much text for one highlight.');
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
  return inside(tabId, PAINT, (list) => /** @type {any} */ (globalThis).__scholium.paint(list), [marks]);
}

/**
 * Bring a painted highlight into view.
 * @param {number} tabId
 * @param {string} key
 * @returns {Promise<boolean>} false where it is not painted; raises PageClosed
 */
export async function scrollTo(tabId, key) {
  return inside(tabId, [], (one) => Boolean(/** @type {any} */ (globalThis).__scholium?.show?.(one)), [key]);
}

/**
 * Offer the toolbar at selections, for as long as the page is open.
 * @param {number} tabId
 * @param {object} words as `page/toolbar.js` takes them
 */
export async function offerToolbar(tabId, words) {
  await inside(tabId, TOOLBAR, (all) => /** @type {any} */ (globalThis).__scholium.toolbar(all), [words]);
}

/**
 * @template T
 * @param {number} tabId @param {string[]} files @param {(...args: any[]) => T} func @param {unknown[]} args
 * @returns {Promise<T>}
 */
async function inside(tabId, files, func, args = []) {
  try {
    if (files.length) await runFiles(tabId, files);
    return await runInPage(tabId, func, args);
  } catch {
    throw new PageClosed('The browser does not let extensions into this page.');
  }
}
