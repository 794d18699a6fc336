/**
 * A fresh start, when the server's history is no longer the one that was mirrored (410 `resync`).
 *
 * A server restored from a backup heals from its devices: what the mirror holds above the last common commit is pushed
 * again once the library was pulled anew, ahead of all that waits. What the server no longer shows otherwise goes to the
 * bin, never away. Works in two transactions around an ordinary pull, so that a killed worker goes on.
 */

import { bury } from './bin.js';
import { letGo, putAside, toBin } from './keepsakes.js';
import { asked, readMeta, transact, writeMeta } from './db.js';
import { giveBack, paperOf } from './giveback.js';
import { SETS } from './merge.js';
import { addAhead, isEdited } from './outbox.js';
import { survivor } from './rows.js';

/** @import { Remote } from "./api.js" */
/** @import { Gift, Hint, Page, Row, Waiting } from "./wire.js" */

/** What is known of the paper of a row that was put aside, and the epoch that it is of; `kept_at` where it is in the bin.
 * @typedef {{hint: Hint | null, page: Page | null, epoch: string, kept_at?: number}} PutAside */

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
 * @param {string} reason floor, epoch, ahead or schema; forgot: this device found out by itself
 */
export async function beginFreshStart(db, remote, reason) {
  const commits = await knownCommits(db, reason);
  const { epoch, at_version, floor = 0 } = await remote.resync(commits);
  await transact(db, 'readwrite', ['rows', 'keepsakes', 'outbox', 'meta'], async (tx) => {
    const before = /** @type {FreshStart | undefined} */ ((await readMeta(tx, 'fresh_start')) || undefined);
    // Behind the floor or under another schema nothing was lost: the history is the same.
    const kept = reason === 'floor' || reason === 'schema' ? Infinity : at_version;
    const common = Math.min(kept, before?.common ?? Infinity);
    const lost = String((await readMeta(tx, 'epoch')) ?? '');
    await putLostAside(tx, common, lost);
    if (common < Infinity) await untake(tx, lost);
    const seen_at = before?.seen_at ?? (await readMeta(tx, 'pulled_at')) ?? 0;
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

/**
 * The commits to compare with the server's; what one that forgot has shown since is its own.
 * @param {IDBDatabase} db @param {string} reason @returns {Promise<[number, string][]>}
 */
async function knownCommits(db, reason) {
  return transact(db, 'readonly', ['meta'], async (tx) => {
    const commits = /** @type {[number, string][]} */ ((await readMeta(tx, 'commits')) ?? []);
    const whole = (await readMeta(tx, 'upto')) ?? 0;
    return commits.filter(([version]) => reason !== 'forgot' || version <= whole);
  });
}

/** A row that waits already to be given back stays as it was first. @param {IDBTransaction} tx @param {number} common @param {string} epoch */
async function putLostAside(tx, common, epoch) {
  const [rows, keepsakes] = [tx.objectStore('rows'), tx.objectStore('keepsakes')];
  for (const row of /** @type {Row[]} */ (await asked(rows.getAll()))) {
    if (row.type !== 'paper' && row.version > common && !row.stale) {
      const kept = /** @type {Row & PutAside | undefined} */ (await asked(keepsakes.get(row.key)));
      if (!kept || 'kept_at' in kept) await putAside(tx, { ...row, ...(await paperOf(tx, row)), epoch });
    }
    rows.put({ ...row, stale: 1 });
  }
}

/**
 * What was answered for but is not in the mirror may be lost with the rest, and so may what is held: it goes out again.
 * So does what was sent without an answer, under new sequences, for what is given back must come before it. Each says
 * what it had seen of the history that was lost.
 * @param {IDBTransaction} tx @param {string} epoch
 */
async function untake(tx, epoch) {
  const outbox = tx.objectStore('outbox');
  for (const op of /** @type {Waiting[]} */ (await asked(outbox.getAll()))) {
    const seen = op.seen ?? (op.base && epoch ? { epoch, version: op.base } : undefined);
    if (op.state !== 'refused') outbox.put({ ...op, state: 'waiting', seq: null, code: null, seen });
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
    await rebase(tx, start, new Set(wishes.map((wish) => wish.key)));
    await sweep(tx, common, now);
    await addAhead(tx, wishes, seen_at, now);
    writeMeta(tx, 'fresh_start', false);
  });
}

/** @param {IDBTransaction} tx @param {FreshStart} start @param {number} now @returns {Promise<Gift[]>} */
async function givenBack(tx, { common, floor }, now) {
  const [keepsakes, rows] = [tx.objectStore('keepsakes'), tx.objectStore('rows')];
  const library = (await readMeta(tx, 'identity'))?.library_id ?? null;
  /** @type {Gift[]} */
  const wishes = [];
  const aside = /** @type {(Row & PutAside)[]} */ (await asked(keepsakes.getAll()));
  // Deletions first, then tags and lists, so that those of one name are one before an entry or highlight says which it
  // has; each in the order of the lost history: a name that one tag had left is another's only afterwards.
  const place = (/** @type {Row} */ row) => (row.deleted ? 0 : row.type === 'entry' || row.type === 'highlight' ? 2 : 1);
  for (const was of aside.sort((one, other) => place(one) - place(other) || one.version - other.version)) {
    if ('kept_at' in was) continue;
    const found = /** @type {Row | undefined} */ (await asked(rows.get(was.key)));
    const there = found?.stale ? undefined : found;
    if (!there && !was.deleted) rows.delete(was.key);
    // Lost, or deleted and forgotten since: nobody knows which, but a person may.
    if (!there && !was.deleted && floor > common) {
      await toBin(tx, { ...was, kept_at: now, library });
      continue;
    }
    letGo(tx, was);
    const wish = giveBack(await followed(tx, was), there, was);
    const seen = { epoch: was.epoch, version: was.version };
    if (wish) wishes.push({ ...wish, base: there ? common : 0, seen, whole: true });
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

/**
 * Versions above the common one mean something else now. An edit of what is given back starts anew with it, and so does
 * one of what was merged in the lost history alone: nobody gives that key back for it.
 * @param {IDBTransaction} tx @param {FreshStart} start @param {Set<string>} given
 */
async function rebase(tx, { common, floor }, given) {
  const [outbox, rows] = [tx.objectStore('outbox'), tx.objectStore('rows')];
  for (const op of /** @type {Waiting[]} */ (await asked(outbox.getAll()))) {
    const row = /** @type {Row | undefined} */ (await asked(rows.get(op.key)));
    const merged = row?.stale && row.merged_into && row.version > common && floor <= common;
    const base = merged || (given.has(op.key) && !row) ? 0 : Math.min(op.base, common);
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
