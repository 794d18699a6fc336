/**
 * The icon's badge: how much waits, else a tick on pages that are in the library.
 *
 * Known from the mirror alone: no server learns which pages are visited.
 */

import { setBadge, tabInFront } from './browser.js';
import { queue } from './outbox.js';
import { lookUp } from './save.js';

/** @import { Tab } from "./browser.js" */

const TICK = '✓';

/**
 * Bring the badge up to date.
 * @param {IDBDatabase} db
 * @param {Tab} [tab] the tab that changed; else the one in front
 */
export async function refreshBadge(db, tab) {
  const { waiting } = await queue(db);
  await setBadge(countText(waiting));
  const shown = tab ?? (await tabInFront());
  if (shown?.id === undefined) return;
  const saved = shown.url ? await lookUp(db, shown.url) : null;
  await setBadge(badgeText(waiting, Boolean(saved)), shown.id);
}

/**
 * What the badge says.
 * @param {number} waiting ops that no server has answered for
 * @param {boolean} saved whether the page is in the library
 * @returns {string}
 */
export function badgeText(waiting, saved) {
  return countText(waiting) || (saved ? TICK : '');
}

/** @param {number} waiting @returns {string} */
function countText(waiting) {
  if (!waiting) return '';
  return waiting > 999 ? '999+' : String(waiting);
}
