/**
 * The recovery bin: rows that the server shows no more and nobody deleted here. They stay 30 days and can be put back.
 *
 * Refuses to decide whether they were lost or deleted elsewhere: a device that slept cannot know, a person can.
 */

import { asked, readMeta, transact } from './db.js';
import { giveBack, paperOf } from './giveback.js';
import { toBin } from './keepsakes.js';
import { addIn } from './outbox.js';
import { survivor } from './rows.js';

/** @import { Binned, Row, Waiting, Wish } from "./wire.js" */

const KEPT_MS = 30 * 24 * 60 * 60_000;

/**
 * Move a row of the mirror to the bin, inside a writing transaction on `rows`, `keepsakes` and `meta`.
 * @param {IDBTransaction} tx
 * @param {Row} row
 * @param {number} now Unix milliseconds
 */
export async function bury(tx, row, now) {
  const library = (await readMeta(tx, 'identity'))?.library_id ?? null;
  const { stale, ...live } = row;
  await toBin(tx, { ...live, kept_at: now, library, ...(await paperOf(tx, row)) });
  tx.objectStore('rows').delete(row.key);
}

/**
 * What is in the bin of the library that is connected, the latest first.
 * @param {IDBDatabase} db
 * @param {number} now Unix milliseconds
 * @returns {Promise<Binned[]>}
 */
export async function binned(db, now = Date.now()) {
  return transact(db, 'readonly', ['keepsakes', 'meta'], async (tx) => {
    const library = (await readMeta(tx, 'identity'))?.library_id ?? null;
    const all = /** @type {Binned[]} */ (await asked(tx.objectStore('keepsakes').getAll()));
    const own = all.filter((row) => row.kept_at + KEPT_MS > now && row.library === library);
    return own.sort((a, b) => b.kept_at - a.kept_at || (a.key < b.key ? -1 : 1));
  });
}

/**
 * Put an object back: it is pushed whole, and brought out of the trash where another device had thrown it there; a
 * highlight together with its entry, for without that nobody would see it.
 * @param {IDBDatabase} db
 * @param {string} key
 * @param {number} now Unix milliseconds
 * @returns {Promise<Waiting[]>} the ops; none where it is not in the bin
 */
export async function putBack(db, key, now = Date.now()) {
  return transact(db, 'readwrite', ['keepsakes', 'outbox', 'pages', 'rows', 'meta'], async (tx) => {
    const row = /** @type {Binned | undefined} */ (await asked(tx.objectStore('keepsakes').get(key)));
    const wish = row && 'kept_at' in row && giveBack(row, undefined, row);
    if (!wish) return [];
    // What it never had takes nothing away from what somebody wrote meanwhile.
    const set = Object.fromEntries(Object.entries(wish.set ?? {}).filter(([, value]) => value !== null));
    tx.objectStore('keepsakes').delete(key);
    return addIn(tx, [{ ...wish, set }, { type: wish.type, key, op: 'restore' }, ...(await withEntry(tx, row))], now);
  });
}

/** @param {IDBTransaction} tx @param {Row} row @returns {Promise<Wish[]>} what brings the entry of a highlight back */
async function withEntry(tx, row) {
  const key = row.type === 'highlight' && row.data?.entry_id;
  const entry = key && /** @type {Row | undefined} */ (await asked(tx.objectStore('rows').get(await survivor(tx, key))));
  return entry && entry.deleted ? [{ type: 'entry', key: entry.key, op: 'restore' }] : [];
}

/**
 * Empty the bin of what has been in it for 30 days.
 * @param {IDBDatabase} db
 * @param {number} now Unix milliseconds
 */
export async function emptyBin(db, now) {
  await transact(db, 'readwrite', ['keepsakes'], async (tx) => {
    const keepsakes = tx.objectStore('keepsakes');
    for (const row of /** @type {Partial<Binned>[]} */ (await asked(keepsakes.getAll()))) {
      if (row.kept_at !== undefined && row.kept_at + KEPT_MS <= now) keepsakes.delete(/** @type {string} */ (row.key));
    }
  });
}
