/**
 * Saving the page of a tab: known at once whether it is there already, kept at once if not.
 *
 * No network and no waiting: identity comes from the address and from what the page says. Refuses pages that have no
 * web address, and refuses to save a paper twice.
 */

import { PageClosed, PaperUnknown } from './errors.js';
import { hintOf, kindOf, saysPaper } from './hint.js';
import { newId } from './ids.js';
import { alone } from './locks.js';
import { rememberPage } from './mirror.js';
import { namesOf } from './names.js';
import { add, withdraw } from './outbox.js';
import { readPage } from './page.js';
import { fingerprintIn, shownAddress } from './reader/address.js';
import { findEntry, whichAreThere } from './views.js';

/** @import { Tab } from "./browser.js" */
/** @import { Candidate } from "./candidates.js" */
/** @import { Hint, Page, Wish } from "./wire.js" */
/** @import { Shelved } from "./views.js" */

/** What a tab shows: the entry where it is there, else of what kind it is, and what it says.
 * @typedef {{shelved: Shelved | null, kind: "paper" | "list" | "webpage", page: Page | null}} Look */

/**
 * What is known of the page in a tab, without saving anything.
 * @param {IDBDatabase} db
 * @param {string} url
 * @returns {Promise<Shelved | null>}
 */
export async function lookUp(db, url) {
  const address = shownAddress(url);
  return isWebPage(address) || fingerprintIn(address) ? findEntry(db, namesOf(address)) : null;
}

/**
 * What a tab shows, to decide what a click on the icon means; reads the page where its address tells too little.
 * @param {IDBDatabase} db
 * @param {Tab} tab
 * @returns {Promise<Look>} raises PageClosed
 */
export async function lookAt(db, tab) {
  const url = shownAddress(tab.url ?? '');
  if (!isWebPage(url) && !fingerprintIn(url)) throw new PageClosed();
  const shelved = await lookUp(db, url);
  const kind = isWebPage(url) ? kindOf(url) : 'paper';
  if (shelved || kind !== 'webpage') return { shelved, kind, page: null };
  const page = tab.id === undefined ? null : await readPage(tab.id);
  const hint = hintOf(url, page, '');
  const known = await findEntry(db, hint.names);
  if (known) await rememberPage(db, namesOf(url), known.entry.key);
  return { shelved: known, kind: saysPaper(page, hint) ? 'paper' : 'webpage', page };
}

/**
 * Save the page of a tab, unless its paper is there.
 * @param {IDBDatabase} db
 * @param {Tab} tab
 * @param {Page | null} read what the page says, where that was read already
 * @returns {Promise<{shelved: Shelved, fresh: boolean}>} `fresh`: this call saved it; raises PageClosed
 */
export async function savePage(db, tab, read = null) {
  const { id } = tab;
  const url = shownAddress(tab.url ?? '');
  if (!isWebPage(url) && !fingerprintIn(url)) throw new PageClosed();
  return alone('scholium-save', async () => {
    const known = await lookUp(db, url);
    if (known) return { shelved: known, fresh: false };
    const page = read ?? (id === undefined ? null : await readPage(id));
    return isWebPage(url) ? saveRead(db, url, page, hintOf(url, page, tab.title ?? '')) : saveFile(db, url, page);
  });
}

/**
 * Save the paper of a file without an address, by what it says of itself or a person said of it.
 * @param {IDBDatabase} db @param {string} name the file's @param {Page | null} page
 */
async function saveFile(db, name, page) {
  if (!page?.canonical || !isWebPage(page.canonical)) throw new PaperUnknown();
  const saved = await saveRead(db, page.canonical, page, hintOf(page.canonical, page, ''));
  await rememberPage(db, namesOf(name), saved.shelved.entry.key);
  return saved;
}

/**
 * Save an address alone, of a link that nobody opened.
 * @param {IDBDatabase} db
 * @param {string} url
 * @returns {Promise<{shelved: Shelved, fresh: boolean}>} raises PageClosed
 */
export async function saveAddress(db, url) {
  if (!isWebPage(url)) throw new PageClosed('link');
  return alone('scholium-save', () => saveRead(db, url, null, hintOf(url, null, '')));
}

/**
 * Save what was picked from a list, all or none; those that are there meanwhile are left out.
 * @param {IDBDatabase} db
 * @param {Candidate[]} picked
 * @returns {Promise<number>} how many were saved
 */
export async function savePicked(db, picked) {
  return alone('scholium-save', async () => {
    const there = await whichAreThere(
      db,
      picked.map((one) => one.names),
    );
    const fresh = picked.filter((_, i) => !there[i]);
    const now = Date.now();
    const wishes = fresh.map(({ url, names, title }) => wishOf(url, null, { names, title, authors: [] }, now));
    if (wishes.length) await add(db, wishes, now);
    return fresh.length;
  });
}

/** @param {IDBDatabase} db @param {string} url @param {Page | null} page @param {Hint} hint */
async function saveRead(db, url, page, hint) {
  const known = await findEntry(db, hint.names);
  if (known) {
    await rememberPage(db, namesOf(url), known.entry.key);
    return { shelved: known, fresh: false };
  }
  const now = Date.now();
  await add(db, [wishOf(url, page, hint, now)], now);
  return { shelved: /** @type {Shelved} */ (await findEntry(db, hint.names)), fresh: true };
}

/** @param {string} url @param {Page | null} page @param {Hint} hint @param {number} now @returns {Wish} */
function wishOf(url, page, hint, now) {
  const saved_from = page ? { url, page } : { url };
  const set = { saved_from, saved_at: new Date(now).toISOString(), status: 'to_read' };
  return { type: 'entry', key: newId(now), op: 'put', set, hint };
}

/**
 * Undo a save of a moment ago: without a trace if no server knows it yet, else as a delete.
 * @param {IDBDatabase} db
 * @param {string} key the entry's
 */
export async function undoSave(db, key) {
  if (await withdraw(db, key)) return;
  await add(db, [{ type: 'entry', key, op: 'delete' }]);
}

/** @param {string} url @returns {boolean} */
function isWebPage(url) {
  return /^https?:\/\/./i.test(url) && url.length <= 8192;
}
