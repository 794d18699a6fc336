/**
 * The toolbar in a page, and what it may wish: to highlight what is selected there, in a colour; nothing else.
 *
 * A wish comes from a page's process, so it is believed no further than that: only from a tab to which the toolbar was
 * given, only in these words, and the highlighted text is read anew from the page. It is told whether it worked, and
 * nothing of the library.
 */

import { store, stored } from './browser.js';
import { word } from './browser_ui.js';
import { database } from './db.js';
import { highlightSelection } from './highlights.js';
import { offerToolbar } from './page.js';
import { COLORS } from './paint_style.js';
import { palette } from './palette.js';
import { allTags } from './views.js';

/** @import { Tab } from "./browser.js" */

/** What a page's toolbar may say. @typedef {{type: "mark", color: string} | {type: "note"}} PageWish */

/**
 * Give the toolbar to a tab that may be seen.
 * @param {IDBDatabase} db
 * @param {Tab} tab
 */
export async function giveToolbar(db, tab) {
  const swatches = palette(await allTags(db), (color) => word(`color_${color}`));
  await store('session', tabKey(tab), true);
  await offerToolbar(Number(tab.id), {
    label: word('toolbar'),
    panel: word('toolbar_panel'),
    failed: word('toolbar_failed'),
    swatches: swatches.map((one) => ({ ...one, label: word('toolbar_color', one.name) })),
  });
}

/**
 * The wish in a message.
 * @param {unknown} message
 * @returns {PageWish | null} null for anything else
 */
export function wishIn(message) {
  if (!message || typeof message !== 'object') return null;
  const { type, color, ...more } = /** @type {Record<string, unknown>} */ (message);
  if (Object.keys(more).length) return null;
  if (type === 'note' && color === undefined) return { type };
  const known = typeof color === 'string' && (Object.hasOwn(COLORS, color) || /^#[0-9a-f]{6}$/.test(color));
  return type === 'mark' && known ? { type, color } : null;
}

/**
 * Highlight as a page's toolbar wishes. The highlight that the panel shall open is kept for it.
 * @param {PageWish} wish
 * @param {Tab} tab
 * @returns {Promise<boolean>} whether it was done
 */
export async function obeyToolbar(wish, tab) {
  if (!(await stored('session', tabKey(tab)))) return false;
  const db = await database();
  const { key } = await highlightSelection(db, tab, wish.type === 'mark' ? wish.color : await lastColor());
  if (wish.type === 'mark') await store('session', 'color', wish.color);
  else await store('session', 'editing', key);
  return true;
}

/** @returns {Promise<string>} the colour that was chosen last */
export async function lastColor() {
  return (await stored('session', 'color')) ?? 'yellow';
}

/** @param {Tab} tab */
function tabKey(tab) {
  return `toolbar-${tab.id}`;
}
