/**
 * The mirror: the library as it was last pulled, and the place in the feed where to go on.
 *
 * A page's rows, its cursor and its acknowledgements are one transaction: a worker that dies between two pages
 * goes on exactly where it was. Refuses to forget the outbox, whatever happens to the mirror.
 */

import { noteContact } from './contacts.js';
import { asked, readMeta, transact, writeMeta } from './db.js';
import { letGo, toBin } from './keepsakes.js';
import { remove } from './outbox.js';
import { keep } from './rows.js';

/** @import { PullPage, Waiting } from "./wire.js" */
/** @import { Identity } from "./batches.js" */
/** @import { Kept } from "./keepsakes.js" */

const MOST_COMMITS = 1000; // what a server compares

/** @typedef {{identity: Identity | null, cursor: string | null, last_contact: number | null, failures: number,
 *   not_before: number, trouble: string | null}} State where sync stands; `trouble` is a sentence */

/**
 * Where sync stands.
 * @param {IDBDatabase} db
 * @returns {Promise<State>}
 */
export async function state(db) {
  return transact(db, 'readonly', ['meta'], async (tx) => ({
    identity: (await readMeta(tx, 'identity')) ?? null,
    cursor: (await readMeta(tx, 'cursor')) ?? null,
    last_contact: (await readMeta(tx, 'last_contact')) ?? null,
    failures: (await readMeta(tx, 'failures')) ?? 0,
    not_before: (await readMeta(tx, 'not_before')) ?? 0,
    trouble: (await readMeta(tx, 'trouble')) ?? null,
  }));
}

/**
 * The version up to which the mirror was pulled.
 * @param {IDBDatabase} db
 * @returns {Promise<number>} 0 where it never was
 */
export async function pulledUpTo(db) {
  return transact(db, 'readonly', ['meta'], async (tx) => (await readMeta(tx, 'upto')) ?? 0);
}

/**
 * Note how a round of sync went.
 * @param {IDBDatabase} db
 * @param {{failures: number, not_before: number, trouble: string | null}} outcome
 * @param {{at: number, took: number, pushed: number, pulled: number}} tally for the history
 */
export async function noteRound(db, outcome, tally) {
  await transact(db, 'readwrite', ['meta', 'contacts'], async (tx) => {
    for (const [name, value] of Object.entries(outcome)) writeMeta(tx, name, value);
    await noteContact(tx, { ...tally, trouble: outcome.trouble });
  });
}

/**
 * Keep a page of the feed. On the last one the ops that it already contains leave the outbox.
 * @param {IDBDatabase} db
 * @param {PullPage} page
 * @param {number} now Unix milliseconds
 * @returns {Promise<boolean>} false where the server has forgotten what it took: it was set back, and the cursor did not
 *   show it
 */
export async function keepPage(db, page, now = Date.now()) {
  return transact(db, 'readwrite', ['rows', 'outbox', 'pages', 'meta'], async (tx) => {
    for (const change of page.changes) await keep(tx, change);
    writeMeta(tx, 'cursor', page.cursor);
    writeMeta(tx, 'epoch', page.epoch);
    writeMeta(tx, 'last_contact', now);
    writeMeta(tx, 'clock_offset', Date.parse(page.server_time) - now || 0);
    await noteCommits(tx, [...(page.commits ?? []), page.commit]);
    if (page.more) return true;
    if (!(await release(tx, page.acks))) return false;
    writeMeta(tx, 'upto', page.upto);
    writeMeta(tx, 'pulled_at', Date.parse(page.server_time));
    return true;
  });
}

/** @param {IDBTransaction} tx @param {[number, string][]} passed the library's commits up to where it stands */
async function noteCommits(tx, passed) {
  const commits = /** @type {[number, string][]} */ ((await readMeta(tx, 'commits')) ?? []);
  const known = new Set(commits.map(String));
  const fresh = passed.filter((commit) => !known.has(String(commit)));
  if (fresh.length) writeMeta(tx, 'commits', [...commits, ...fresh].slice(-MOST_COMMITS));
}

/**
 * Only ops whose result is known may leave: what was sent without an answer may have been refused. None leaves where the
 * server knows nothing of one that was taken.
 * @param {IDBTransaction} tx
 * @param {Record<string, number>} acks
 * @returns {Promise<boolean>} whether all that was taken is known
 */
async function release(tx, acks) {
  const ops = /** @type {Waiting[]} */ (await asked(tx.objectStore('outbox').getAll()));
  const taken = ops.filter((op) => op.state === 'taken' && op.seq !== null);
  if (taken.some((op) => Number(op.seq) > (acks[String(op.device)] ?? -1))) return false;
  for (const op of taken) remove(tx, op);
  return true;
}

/**
 * Remember that a page shows an entry's paper, where the page's words said so and its address did not. Only this device
 * knows it; from now on the address is enough, for the badge and for highlights.
 * @param {IDBDatabase} db
 * @param {string[]} names of the page's address
 * @param {string} entryKey
 */
export async function rememberPage(db, names, entryKey) {
  await transact(db, 'readwrite', ['rows'], async (tx) => {
    for (const name of names) {
      await keep(tx, { type: 'entry', key: `page ${name}`, version: 0, deleted: true, merged_into: entryKey }, [name]);
    }
  });
}

/**
 * Take on who this device is. Another library empties the mirror, never the outbox: ops made for a library wait
 * until the device is connected to that one again; ops made before any connection go to this one.
 * @param {IDBDatabase} db
 * @param {Identity} identity
 */
export async function adopt(db, identity) {
  await transact(db, 'readwrite', ['rows', 'keepsakes', 'outbox', 'meta'], async (tx) => {
    const before = /** @type {Identity | undefined} */ (await readMeta(tx, 'identity'));
    if (before?.device_id !== identity.device_id) await renumber(tx);
    if (before && before.library_id !== identity.library_id) await forget(tx, before.library_id);
    writeMeta(tx, 'identity', identity);
    writeMeta(tx, 'failures', 0);
    writeMeta(tx, 'not_before', 0);
    writeMeta(tx, 'trouble', null);
  });
}

/** A new device counts from one; its ops keep their ids, so that the server knows those it has. @param {IDBTransaction} tx */
async function renumber(tx) {
  const outbox = tx.objectStore('outbox');
  for (const op of /** @type {Waiting[]} */ (await asked(outbox.getAll()))) {
    if (op.state === 'waiting' && op.seq !== null) outbox.put({ ...op, seq: null, device: null });
  }
  writeMeta(tx, 'next_seq', 1);
}

/**
 * The bin is kept: it belongs to its library. So does what was about to be given back to a restored server.
 * @param {IDBTransaction} tx @param {string} library
 */
async function forget(tx, library) {
  const keepsakes = tx.objectStore('keepsakes');
  for (const row of /** @type {Kept[]} */ (await asked(keepsakes.getAll()))) {
    if (row.kept_at !== undefined) continue;
    if (row.deleted) letGo(tx, row);
    else await toBin(tx, { ...row, hint: row.hint ?? null, kept_at: Date.now(), library });
  }
  tx.objectStore('rows').clear();
  for (const name of ['cursor', 'epoch', 'commits', 'upto', 'pulled_at', 'fresh_start', 'audited_at']) {
    tx.objectStore('meta').delete(name);
  }
}
