/**
 * Highlights on web pages: kept from a selection, and seen again on later visits.
 *
 * Refuses to mark a page that is not in the library: the save comes first, in the same breath.
 */

import { newId } from './ids.js';
import { add } from './outbox.js';
import { paint, readSelection } from './page.js';
import { lookUp, savePage } from './save.js';

/** @import { Tab } from "./browser.js" */

/**
 * Highlight what is selected in a tab; saves the page where that was not done.
 * @param {IDBDatabase} db
 * @param {Tab} tab
 * @param {string} color
 * @returns {Promise<{exact: string, fresh: boolean}>} `fresh`: the page was saved too; raises NothingSelected, PageClosed
 */
export async function highlightSelection(db, tab, color = 'yellow') {
  const tabId = Number(tab.id);
  const { exact, selectors } = await readSelection(tabId);
  const { shelved, fresh } = await savePage(db, tab);
  const now = Date.now();
  const set = {
    entry_id: shelved.entry.key,
    manifestation: address(String(tab.url)),
    selectors,
    color,
    comment: null,
    created_at: new Date(now).toISOString(),
  };
  await add(db, [{ type: 'highlight', key: newId(now), op: 'put', set }], now);
  await showHighlights(db, tab);
  return { exact, fresh };
}

/**
 * Paint the highlights of the paper in a tab.
 * @param {IDBDatabase} db
 * @param {Tab} tab
 * @returns {Promise<{shown: number, missing: string[]}>} `missing`: keys of highlights made on another form of the paper
 */
export async function showHighlights(db, tab) {
  const shelved = await lookUp(db, tab.url ?? '');
  const highlights = shelved?.highlights ?? [];
  const missing = await paint(Number(tab.id), highlights);
  return { shown: highlights.length - missing.length, missing };
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
