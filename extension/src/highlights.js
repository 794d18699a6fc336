/**
 * Highlights on web pages: kept from a selection, and seen again on later visits.
 *
 * Refuses to mark a page that is not in the library: the save comes first, in the same breath.
 */

import { newId } from './ids.js';
import { add } from './outbox.js';
import { paint, readSelection, scrollTo } from './page.js';
import { shownAddress } from './reader/address.js';
import { lookUp, savePage } from './save.js';

/** @import { Tab } from "./browser.js" */
/** @import { Anchored } from "./page.js" */
/** @import { Fields } from "./wire.js" */

/**
 * Highlight what is selected in a tab; saves the page where that was not done.
 * @param {IDBDatabase} db
 * @param {Tab} tab
 * @param {string} color
 * @returns {Promise<{key: string, exact: string, fresh: boolean}>} `fresh`: the page was saved too; raises NothingSelected, PageClosed
 */
export async function highlightSelection(db, tab, color = 'yellow') {
  const tabId = Number(tab.id);
  const { exact, selectors } = await readSelection(tabId);
  const { shelved, fresh } = await savePage(db, tab);
  const now = Date.now();
  const set = {
    entry_id: shelved.entry.key,
    manifestation: address(shownAddress(String(tab.url))),
    selectors,
    color,
    comment: null,
    created_at: new Date(now).toISOString(),
  };
  const key = newId(now);
  await add(db, [{ type: 'highlight', key, op: 'put', set }], now);
  await showHighlights(db, tab);
  return { key, exact, fresh };
}

/**
 * Paint the highlights of the paper in a tab.
 * @param {IDBDatabase} db
 * @param {Tab} tab
 * @returns {Promise<{shown: number, missing: string[], places: Anchored[]}>} `missing`: keys of those that the page does
 *   not hold, for they were made on another form of the paper or the text changed; `places`: all, in reading order
 */
export async function showHighlights(db, tab) {
  const shelved = await lookUp(db, tab.url ?? '');
  const places = await paint(Number(tab.id), shelved?.highlights ?? []);
  const missing = places.filter((one) => one.state === 'orphan').map((one) => one.key);
  places.sort((a, b) => a.start - b.start);
  return { shown: places.length - missing.length, missing, places };
}

/**
 * Bring a highlight into view, painted anew where the page forgot it.
 * @param {IDBDatabase} db
 * @param {Tab} tab
 * @param {string} key
 * @returns {Promise<boolean>} false where the page does not hold it
 */
export async function goToHighlight(db, tab, key) {
  if (await scrollTo(Number(tab.id), key)) return true;
  await showHighlights(db, tab);
  return scrollTo(Number(tab.id), key);
}

/**
 * Put a highlight onto the words that are selected now; what it quoted at first stays in its selectors.
 * @param {IDBDatabase} db
 * @param {Tab} tab
 * @param {string} key
 */
export async function attachToSelection(db, tab, key) {
  const { selectors } = await readSelection(Number(tab.id));
  await editHighlight(db, key, { anchor: selectors });
  await showHighlights(db, tab);
}

/**
 * Change what a person may change: `color`, `comment`, `anchor`.
 * @param {IDBDatabase} db
 * @param {string} key
 * @param {Fields} set
 */
export async function editHighlight(db, key, set) {
  await add(db, [{ type: 'highlight', key, op: 'put', set }]);
}

/**
 * Take a highlight away.
 * @param {IDBDatabase} db
 * @param {string} key
 */
export async function removeHighlight(db, key) {
  await add(db, [{ type: 'highlight', key, op: 'delete' }]);
}

/** The page's address as the place of its highlights: without the fragment, which is not the page. @param {string} url */
function address(url) {
  return url.split('#')[0];
}
