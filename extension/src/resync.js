/**
 * A fresh start, when the server's history is no longer the one that was mirrored (410 `resync`).
 *
 * A server restored from a backup heals from its devices: what the mirror holds above the last common commit is pushed
 * again once the library was pulled anew. What the server no longer knows otherwise goes to the keepsakes, never away.
 * Works in two transactions around an ordinary pull, so that a killed worker goes on.
 */

import { asked, readMeta, transact, writeMeta } from './db.js';
import { addIn } from './outbox.js';

/** @import { Remote } from "./api.js" */
/** @import { Fields, Row, Waiting, Wish } from "./wire.js" */

const FIXED = ['paper_id', 'saved_from', 'saved_at', 'created_at', 'entry_id', 'manifestation', 'selectors'];
const SETS = ['tags', 'lists'];
const WRITTEN = {
  entry: ['saved_from', 'saved_at', 'status', 'starred', 'rating', 'position', 'citekey', 'note', 'last_read'],
  highlight: ['entry_id', 'manifestation', 'selectors', 'created_at', 'color', 'anchor', 'comment'],
  tag: ['created_at', 'name', 'color'],
  list: ['created_at', 'name', 'color', 'position', 'public', 'description'],
};

/** @param {IDBDatabase} db @returns {Promise<boolean>} whether a fresh start is under way */
export async function inFreshStart(db) {
  return transact(db, 'readonly', ['meta'], async (tx) => Boolean(await readMeta(tx, 'fresh_start')));
}

/**
 * Put aside what the server may have lost, mark every row as not yet met, and forget the cursor.
 * @param {IDBDatabase} db
 * @param {Remote} remote
 * @param {string} reason floor, epoch, ahead or schema
 */
export async function beginFreshStart(db, remote, reason) {
  const commits = await transact(db, 'readonly', ['meta'], async (tx) => (await readMeta(tx, 'commits')) ?? []);
  const { epoch, at_version } = await remote.resync(commits);
  // Behind the floor or under another schema nothing was lost: the history is the same.
  const common = reason === 'floor' || reason === 'schema' ? Infinity : at_version;
  await transact(db, 'readwrite', ['rows', 'keepsakes', 'outbox', 'meta'], async (tx) => {
    const rows = tx.objectStore('rows');
    for (const row of /** @type {Row[]} */ (await asked(rows.getAll()))) {
      if (row.type !== 'paper' && row.version > common && !row.stale) tx.objectStore('keepsakes').put(row);
      rows.put({ ...row, stale: 1 });
    }
    await untake(tx);
    writeMeta(tx, 'epoch', epoch);
    writeMeta(
      tx,
      'commits',
      commits.filter((/** @type {[number, string]} */ one) => one[0] <= common),
    );
    writeMeta(tx, 'fresh_start', true);
    tx.objectStore('meta').delete('cursor');
  });
}

/** What was answered for but is not in the mirror yet may be lost with the rest: it goes out again. @param {IDBTransaction} tx */
async function untake(tx) {
  const outbox = tx.objectStore('outbox');
  for (const op of /** @type {Waiting[]} */ (await asked(outbox.getAll()))) {
    if (op.state === 'taken') outbox.put({ ...op, state: 'waiting', seq: null });
  }
}

/**
 * After the whole library was pulled: push again what it lacks, and keep what it has forgotten.
 * @param {IDBDatabase} db
 * @param {number} now Unix milliseconds
 */
export async function endFreshStart(db, now) {
  await transact(db, 'readwrite', ['rows', 'keepsakes', 'outbox', 'pages', 'meta'], async (tx) => {
    const keepsakes = tx.objectStore('keepsakes');
    const lost = /** @type {Row[]} */ (await asked(keepsakes.getAll())).filter((row) => !('kept_at' in row));
    const wishes = [];
    for (const row of lost) {
      wishes.push(...(await again(tx, row)));
      keepsakes.delete(row.key);
    }
    await sweep(tx, new Set(lost.map((row) => row.key)), now);
    await addIn(tx, wishes, now);
    writeMeta(tx, 'fresh_start', false);
  });
}

/** @param {IDBTransaction} tx @param {Row} was @returns {Promise<Wish[]>} what brings the server back to this row */
async function again(tx, was) {
  const type = /** @type {Wish["type"]} */ (was.type);
  const found = /** @type {Row | undefined} */ (await asked(tx.objectStore('rows').get(was.key)));
  const there = found && !found.stale ? found : undefined;
  if (was.deleted) return there && !there.deleted && !was.merged_into ? [{ type, key: was.key, op: 'delete' }] : [];
  if (there?.deleted) return [];
  const data = was.data ?? {};
  const set = written(type, data, there?.data);
  if (set.saved_from) set.saved_from = { url: await addressOf(tx, data) };
  const add = Object.fromEntries(SETS.map((name) => [name, missing(data[name], there?.data?.[name])]));
  const plus = Object.fromEntries(Object.entries(add).filter(([, members]) => members.length));
  if (there && !Object.keys(set).length && !Object.keys(plus).length) return [];
  return [{ type, key: was.key, op: 'put', set, add: plus }];
}

/** @param {Wish["type"]} type @param {Fields} data @param {Fields | undefined} there @returns {Fields} */
function written(type, data, there) {
  const names = WRITTEN[type].filter((name) => data[name] !== null && data[name] !== undefined);
  const differ = names.filter((name) => {
    return !there || (!FIXED.includes(name) && JSON.stringify(there[name]) !== JSON.stringify(data[name]));
  });
  return Object.fromEntries(differ.map((name) => [name, data[name]]));
}

/** @param {string[] | undefined} held @param {string[] | undefined} there @returns {string[]} */
function missing(held = [], there = []) {
  return held.filter((member) => !there.includes(member));
}

/** The best address of an entry's paper: its own page said more when it was saved than its URL does now.
 * @param {IDBTransaction} tx @param {Fields} data @returns {Promise<string>} */
async function addressOf(tx, data) {
  const paper = data.paper_id && (await asked(tx.objectStore('rows').get(data.paper_id)));
  const { arxiv, doi } = paper?.data?.identifiers ?? {};
  if (arxiv?.[0]) return `arXiv:${arxiv[0]}`;
  return doi?.[0] ?? data.saved_from.url;
}

/** @param {IDBTransaction} tx @param {Set<string>} pushed @param {number} now */
async function sweep(tx, pushed, now) {
  const rows = tx.objectStore('rows');
  for (const row of /** @type {Row[]} */ (await asked(rows.index('stale').getAll(1)))) {
    rows.delete(row.key);
    if (!row.deleted && row.type !== 'paper' && !pushed.has(row.key)) {
      tx.objectStore('keepsakes').put({ ...row, kept_at: now });
    }
  }
  await rebase(tx);
}

/** Edits of objects that the server no longer knows start anew: with an old base they would be turned away as gone.
 * @param {IDBTransaction} tx */
async function rebase(tx) {
  const outbox = tx.objectStore('outbox');
  for (const op of /** @type {Waiting[]} */ (await asked(outbox.getAll()))) {
    if (op.base > 0 && op.state === 'waiting' && !(await asked(tx.objectStore('rows').get(op.key)))) {
      outbox.put({ ...op, base: 0 });
    }
  }
}
