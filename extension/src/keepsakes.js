/**
 * Rows kept beside the mirror: those in the bin (with `kept_at`), and those put aside to be given back to a server.
 *
 * Refuses to let a text go when the bin gets a row under a key a second time: what it held is added to what comes.
 */

import { asked } from './db.js';

/** @import { Binned, Hint, Page, Row } from "./wire.js" */
/** @typedef {Row & {epoch?: string, hint?: Hint | null, page?: Page | null, binned?: Binned}} Aside with what the bin holds under the same key */
/** @typedef {Binned | (Aside & {kept_at?: undefined})} Kept */

const TEXTS = ['note', 'comment', 'description'];

/** @param {IDBTransaction} tx @param {string} key @returns {Promise<Binned | undefined>} what the bin holds */
async function inBin(tx, key) {
  const kept = /** @type {Kept | undefined} */ (await asked(tx.objectStore('keepsakes').get(key)));
  return kept?.kept_at === undefined ? kept?.binned : kept;
}

/** Put a row into the bin, inside a writing transaction on `keepsakes`. @param {IDBTransaction} tx @param {Binned & Aside} row */
export async function toBin(tx, { binned, ...row }) {
  const texts = (await inBin(tx, row.key))?.data ?? {};
  const data = { ...row.data };
  for (const name of TEXTS) {
    const [now, then] = [data[name] ?? '', texts[name] ?? ''];
    if (then && !now.includes(then)) data[name] = then.includes(now) ? then : `${now}\n\n${then}`;
  }
  tx.objectStore('keepsakes').put({ ...row, data });
}

/** Put a row aside, inside such a transaction. @param {IDBTransaction} tx @param {Aside} row */
export async function putAside(tx, row) {
  tx.objectStore('keepsakes').put({ ...row, binned: await inBin(tx, row.key) });
}

/** Let go of a row that was put aside. @param {IDBTransaction} tx @param {Aside} row */
export function letGo(tx, { key, binned }) {
  if (binned) tx.objectStore('keepsakes').put(binned);
  else tx.objectStore('keepsakes').delete(key);
}
