/**
 * A fresh start, when the server's history is no longer the one that was mirrored (410 `resync`).
 *
 * A server restored from a backup heals from its devices: what the mirror holds above the last common commit is pushed
 * again once the library was pulled anew, ahead of all that waits. What the server no longer shows otherwise goes to the
 * bin, never away. Works in two transactions around an ordinary pull, so that a killed worker goes on.
 */

import { bury } from './bin.js';
import { asked, readMeta, transact, writeMeta } from './db.js';
import { giveBack, paperOf, SETS } from './giveback.js';
import { addAhead, isEdited } from './outbox.js';
import { survivor } from './rows.js';

/** @import { Remote } from "./api.js" */
/** @import { Fields, Hint, Members, Page, Row, Waiting, Wish } from "./wire.js" */

/** What is known of the paper of a row that was put aside; `kept_at` where it is in the bin.
 * @typedef {{hint: Hint | null, page: Page | null, kept_at?: number}} PutAside */

/** `common`: the last version of which device and server tell the same; `seen_at`: when the library was last known
 * whole, Unix milliseconds by the server's clock; `floor`: up to which version the server has forgotten deletions.
 * @typedef {{common: number, seen_at: number, floor: number}} FreshStart */

/** @param {IDBDatabase} db @returns {Promise<boolean>} whether a fresh start is under way */
export async function inFreshStart(db) {
  return transact(db, 'readonly', ['meta'], async (tx) => Boolean(await readMeta(tx, 'fresh_start')));
}

/**
 * Put aside what the server may have lost, mark every row as not yet met, and forget the cursor.
 * @param {IDBDatabase} db
 * @param {Remote} remote
 * @param {string} reason floor, epoch, ahead or schema
 * @param {number} now Unix milliseconds
 */
export async function beginFreshStart(db, remote, reason, now) {
  const commits = /** @type {[number, string][]} */ (
    await transact(db, 'readonly', ['meta'], async (tx) => (await readMeta(tx, 'commits')) ?? [])
  );
  const { epoch, at_version, floor = 0 } = await remote.resync(commits);
  await transact(db, 'readwrite', ['rows', 'keepsakes', 'outbox', 'meta'], async (tx) => {
    const before = /** @type {FreshStart | undefined} */ ((await readMeta(tx, 'fresh_start')) || undefined);
    // Behind the floor or under another schema nothing was lost: the history is the same.
    const kept = reason === 'floor' || reason === 'schema' ? Infinity : at_version;
    const common = Math.min(kept, before?.common ?? Infinity);
    await putAside(tx, common);
    if (common < Infinity) await untake(tx);
    const seen_at = before?.seen_at ?? (await readMeta(tx, 'pulled_at')) ?? now;
    writeMeta(tx, 'fresh_start', { common, seen_at, floor: Math.max(floor, before?.floor ?? 0) });
    writeMeta(tx, 'epoch', epoch);
    writeMeta(
      tx,
      'commits',
      commits.filter(([version]) => version <= common),
    );
    tx.objectStore('meta').delete('cursor');
  });
}

/** @param {IDBTransaction} tx @param {number} common */
async function putAside(tx, common) {
  const rows = tx.objectStore('rows');
  for (const row of /** @type {Row[]} */ (await asked(rows.getAll()))) {
    if (row.type !== 'paper' && row.version > common && !row.stale) {
      tx.objectStore('keepsakes').put({ ...row, ...(await paperOf(tx, row)) });
    }
    rows.put({ ...row, stale: 1 });
  }
}

/**
 * What was answered for but is not in the mirror may be lost with the rest, and so may what is held: it goes out again.
 * So does what was sent without an answer, under new sequences, for what is given back must come before it.
 * @param {IDBTransaction} tx
 */
async function untake(tx) {
  const outbox = tx.objectStore('outbox');
  for (const op of /** @type {Waiting[]} */ (await asked(outbox.getAll()))) {
    if (op.state !== 'refused') outbox.put({ ...op, state: 'waiting', seq: null, code: null });
  }
}

/**
 * After the whole library was pulled: push again what it lacks, and keep what it shows no more.
 * @param {IDBDatabase} db
 * @param {number} now Unix milliseconds
 */
export async function endFreshStart(db, now) {
  await transact(db, 'readwrite', ['rows', 'keepsakes', 'outbox', 'pages', 'meta'], async (tx) => {
    const start = /** @type {FreshStart} */ (await readMeta(tx, 'fresh_start'));
    const { common, seen_at } = start;
    const wishes = await givenBack(tx, start, now);
    await rebase(tx, common, new Set(wishes.map((wish) => wish.key)));
    await sweep(tx, common, now);
    await addAhead(tx, wishes, seen_at, now);
    writeMeta(tx, 'fresh_start', false);
  });
}

/** @param {IDBTransaction} tx @param {FreshStart} start @param {number} now @returns {Promise<(Wish & {base: number})[]>} */
async function givenBack(tx, { common, floor }, now) {
  const [keepsakes, rows] = [tx.objectStore('keepsakes'), tx.objectStore('rows')];
  const library = (await readMeta(tx, 'identity'))?.library_id ?? null;
  const wishes = [];
  for (const was of /** @type {(Row & PutAside)[]} */ (await asked(keepsakes.getAll()))) {
    if ('kept_at' in was) continue;
    const found = /** @type {Row | undefined} */ (await asked(rows.get(was.key)));
    const there = found?.stale ? undefined : found;
    if (!there && !was.deleted) rows.delete(was.key);
    // Lost, or deleted and forgotten since: nobody knows which, but a person may.
    if (!there && !was.deleted && floor > common) keepsakes.put({ ...was, kept_at: now, library });
    else keepsakes.delete(was.key);
    if (!there && !was.deleted && floor > common) continue;
    const waiting = await waitingOn(tx, was.key);
    const wish = beside(giveBack(await followed(tx, was), there, was), waiting);
    const base = there ? common : 0;
    if (wish && there?.deleted && wish.op === 'put' && waiting.every((op) => op.op === 'put')) {
      wishes.push({ type: wish.type, key: wish.key, op: /** @type {const} */ ('restore'), base });
    }
    if (wish) wishes.push({ ...wish, base });
  }
  return wishes;
}

/** The row with the tags and lists that its own have become: the server shows it so. @param {IDBTransaction} tx @param {Row} row */
async function followed(tx, row) {
  const data = { ...row.data };
  for (const name of SETS) {
    if (data[name]) data[name] = await Promise.all(data[name].map((/** @type {string} */ one) => survivor(tx, one)));
  }
  return { ...row, ...(row.data && { data }) };
}

/** @param {IDBTransaction} tx @param {string} key @returns {Promise<Waiting[]>} */
async function waitingOn(tx, key) {
  const ops = /** @type {Waiting[]} */ (await asked(tx.objectStore('outbox').index('key').getAll(key)));
  return ops.filter((op) => op.state === 'waiting');
}

/**
 * What is given back, without what waiting edits write: the server may have taken those already, and never does twice.
 * @param {Wish | null} wish @param {Waiting[]} ops
 * @returns {Wish | null}
 */
function beside(wish, ops) {
  if (!wish || !ops.length) return wish;
  if (wish.op !== 'put') return ops.some((op) => op.op !== 'put') ? null : wish;
  const written = new Set(ops.flatMap(({ set, add, del }) => [set, add, del].flatMap(namesIn)));
  const set = Object.fromEntries(Object.entries(wish.set ?? {}).filter(([name]) => !written.has(name)));
  const [add, del] = [wish.add, wish.del].map((sets = {}) => {
    const free = Object.entries(sets).map(([name, all]) => [name, all.filter((one) => !written.has(one))]);
    return Object.fromEntries(free.filter(([, all]) => all.length));
  });
  return { ...wish, set, add, del };
}

/** The fields of a set of fields, or the members of sets. @param {Fields | Members} one @returns {string[]} */
function namesIn(one) {
  return Object.entries(one).flatMap(([name, value]) => [name, ...(Array.isArray(value) ? value : [])]);
}

/**
 * Versions above the common one mean something else now. An edit of what is given back starts anew with it.
 * @param {IDBTransaction} tx @param {number} common @param {Set<string>} given
 */
async function rebase(tx, common, given) {
  const [outbox, rows] = [tx.objectStore('outbox'), tx.objectStore('rows')];
  for (const op of /** @type {Waiting[]} */ (await asked(outbox.getAll()))) {
    const fresh = given.has(op.key) && !(await asked(rows.get(op.key)));
    const base = fresh ? 0 : Math.min(op.base, common);
    if (base !== op.base) outbox.put({ ...op, base });
  }
}

/**
 * Clear away what was not met again. Deletions and merged keys are remembered; what waits for an answer stays in sight.
 * @param {IDBTransaction} tx @param {number} common @param {number} now
 */
async function sweep(tx, common, now) {
  const rows = tx.objectStore('rows');
  const left = /** @type {Row[]} */ (await asked(rows.index('stale').getAll(1)));
  for (const row of left) {
    const { stale, ...known } = { ...row, version: Math.min(row.version, common) };
    if (row.deleted || (row.type !== 'paper' && (await isEdited(tx, row.key)))) rows.put(known);
    else if (row.type !== 'paper') await bury(tx, row, now);
  }
  for (const row of left) if (row.type === 'paper' && !row.deleted) rows.delete(row.key);
}
