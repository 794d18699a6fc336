/**
 * Saving the page of a tab: known at once whether it is there already, kept at once if not.
 *
 * No network and no waiting: identity comes from the address and from what the page says. Refuses pages that have no
 * web address, and refuses to save a paper twice.
 */

import { PageClosed } from './errors.js';
import { newId } from './ids.js';
import { alone } from './locks.js';
import { rememberPage } from './mirror.js';
import { namesOf } from './names.js';
import { add, withdraw } from './outbox.js';
import { readPage } from './page.js';
import { findEntry } from './views.js';

/** @import { Tab } from "./browser.js" */
/** @import { Hint, Page } from "./wire.js" */
/** @import { Shelved } from "./views.js" */

const TELLING_METAS = new Map([
  ['citation_doi', 'doi:'],
  ['citation_arxiv_id', 'arXiv:'],
  ['citation_pmid', 'PMID:'],
  ['dc.identifier', ''],
  ['prism.doi', 'doi:'],
]);

/**
 * What is known of the page in a tab, without saving anything.
 * @param {IDBDatabase} db
 * @param {string} url
 * @returns {Promise<Shelved | null>}
 */
export async function lookUp(db, url) {
  return isWebPage(url) ? findEntry(db, namesOf(url)) : null;
}

/**
 * Save the page of a tab, unless its paper is there.
 * @param {IDBDatabase} db
 * @param {Tab} tab
 * @returns {Promise<{shelved: Shelved, fresh: boolean}>} `fresh`: this call saved it; raises PageClosed
 */
export async function savePage(db, tab) {
  const { id, url } = tab;
  if (!url || !isWebPage(url)) throw new PageClosed();
  return alone('scholium-save', async () => {
    const known = await lookUp(db, url);
    if (known) return { shelved: known, fresh: false };
    const page = id === undefined ? null : await readPage(id);
    return saveRead(db, url, page, tab.title ?? '');
  });
}

/**
 * Save an address alone, of a link that nobody opened.
 * @param {IDBDatabase} db
 * @param {string} url
 * @returns {Promise<{shelved: Shelved, fresh: boolean}>} raises PageClosed
 */
export async function saveAddress(db, url) {
  if (!isWebPage(url)) throw new PageClosed('This link cannot be saved.');
  return alone('scholium-save', () => saveRead(db, url, null, ''));
}

/** @param {IDBDatabase} db @param {string} url @param {Page | null} page @param {string} title */
async function saveRead(db, url, page, title) {
  const hint = hintOf(url, page, title);
  const known = await findEntry(db, hint.names);
  if (known) {
    await rememberPage(db, namesOf(url), known.entry.key);
    return { shelved: known, fresh: false };
  }
  const now = Date.now();
  const saved_from = page ? { url, page } : { url };
  const set = { saved_from, saved_at: new Date(now).toISOString(), status: 'to_read' };
  await add(db, [{ type: 'entry', key: newId(now), op: 'put', set, hint }], now);
  return { shelved: /** @type {Shelved} */ (await findEntry(db, hint.names)), fresh: true };
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

/** @param {string} url @param {Page | null} page @param {string} title @returns {Hint} what to show until the server knows the paper */
function hintOf(url, page, title) {
  const metas = page?.metas ?? [];
  const said = metas.flatMap(([name, content]) => {
    const prefix = TELLING_METAS.get(name.toLowerCase());
    return prefix === undefined ? [] : namesOf(prefix + content.replace(/^(doi|arxiv|pmid):\s*/i, ''));
  });
  // Only what names a paper counts from the page: a canonical address may be a whole site's.
  const papers = [...said, ...(page?.canonical ? namesOf(page.canonical) : [])].filter(
    (one) => !one.startsWith('url:'),
  );
  return {
    names: [...new Set([...namesOf(url), ...papers])],
    title: (one(metas, ['citation_title', 'dc.title', 'og:title']) || page?.title || title || url).slice(0, 1000),
    authors: metas
      .filter(([name]) => name.toLowerCase() === 'citation_author')
      .map(([, who]) => naturally(who))
      .slice(0, 50),
  };
}

/** @param {[string, string][]} metas @param {string[]} names @returns {string | undefined} */
function one(metas, names) {
  return names.map((name) => metas.find(([own]) => own.toLowerCase() === name)?.[1].trim()).find(Boolean);
}

/** @param {string} name "Curie, Marie" or "Marie Curie" @returns {string} */
function naturally(name) {
  const [family, given, ...rest] = name.split(',').map((part) => part.trim());
  return given && !rest.length ? `${given} ${family}` : name.trim();
}
