/**
 * How the mirror keeps one object, inside a transaction that somebody else opened.
 *
 * Knows merged keys: an entry or tag that turned out to be another one stays as a tombstone that names its survivor,
 * and whoever asks for either key finds the survivor.
 */

import { asked } from './db.js';
import { namesOf } from './names.js';

/** @import { Change, Fields, Row } from "./wire.js" */

/**
 * Keep a change of the feed or of a push's answer, unless the mirror is newer.
 * @param {IDBTransaction} tx a writing one on `rows`
 * @param {Change} change
 * @param {string[]} names to which a merged key answers; else it goes on answering to those it had
 */
export async function keep(tx, change, names = []) {
  const rows = tx.objectStore('rows');
  const held = /** @type {Row | undefined} */ (await asked(rows.get(change.key)));
  if (held && held.version > change.version && !held.stale) return;
  const row = asRow(change);
  if (change.merged_into) row.names = [...new Set([...(held?.names ?? []), ...names])];
  rows.put(row);
}

/**
 * The key that lives on where this one was merged, else the key itself.
 * @param {IDBTransaction} tx
 * @param {string} key
 * @returns {Promise<string>}
 */
export async function survivor(tx, key) {
  const rows = tx.objectStore('rows');
  const seen = new Set();
  for (let at = key; !seen.has(at);) {
    seen.add(at);
    const row = /** @type {Row | undefined} */ (await asked(rows.get(at)));
    if (!row?.merged_into) return at;
    at = row.merged_into;
  }
  return key;
}

/**
 * The key and every key that was merged into it.
 * @param {IDBTransaction} tx
 * @param {string} key
 * @returns {Promise<string[]>}
 */
export async function aliases(tx, key) {
  const index = tx.objectStore('rows').index('merged_into');
  const found = [key];
  for (const one of found) {
    for (const other of await asked(index.getAllKeys(one))) {
      if (!found.includes(String(other))) found.push(String(other));
    }
  }
  return found;
}

/** @param {Change} change @returns {Row} */
function asRow(change) {
  const { type, key, version, data, deleted, merged_into } = change;
  /** @type {Row} */
  const row = { type, key, version, names: data && !deleted ? namesIn(type, data) : [] };
  if (deleted) row.deleted = true;
  else row.data = data ?? {};
  if (merged_into) row.merged_into = merged_into;
  if (type === 'entry' && data?.paper_id) row.paper = data.paper_id;
  if (type === 'entry' && data?.tags) row.tags = data.tags;
  if (type === 'highlight' && data?.entry_id) row.entry = data.entry_id;
  return row;
}

/** @param {string} type @param {Fields} data @returns {string[]} */
function namesIn(type, data) {
  if (type === 'entry') return data.saved_from ? namesOf(data.saved_from.url) : [];
  if (type === 'highlight') return data.manifestation ? namesOf(data.manifestation) : [];
  if (type !== 'paper') return [];
  const said = Object.entries(data.identifiers ?? {}).flatMap(([scheme, values]) =>
    values.map((/** @type {string} */ value) => `${scheme}:${value}`),
  );
  const urls = (data.manifestations ?? []).flatMap((/** @type {{url: string}} */ one) => namesOf(one.url));
  return [...new Set([...said, ...urls])];
}
