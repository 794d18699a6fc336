/**
 * The outbox: what the user did on this device, kept before anything else happens to it.
 *
 * An op is written here, durably, before any window says "saved"; it leaves only when the server has answered for it
 * and the mirror holds the result, or when the user throws it away. Sending is `batches.js`.
 */

import { asked, readMeta, transact, writeMeta } from './db.js';
import { nextStamp } from './hlc.js';
import { newId } from './ids.js';
import { survivor } from './rows.js';

/** @import { Gift, Row, Seen, Waiting, Wish } from "./wire.js" */

/** From here on the user is told that much waits. */
export const MANY = 500;

/** What stands in the outbox: `parked` are of another library, `trouble` refused or held.
 * @typedef {{waiting: number, parked: number, many: boolean, trouble: Waiting[]}} Queue */

/**
 * Keep changes, all or none; when this returns they survive a crash.
 * @param {IDBDatabase} db
 * @param {Wish[]} wishes in the order in which they shall apply
 * @param {number} now Unix milliseconds
 * @returns {Promise<Waiting[]>}
 */
export async function add(db, wishes, now = Date.now()) {
  return transact(db, 'readwrite', ['keepsakes', 'outbox', 'pages', 'rows', 'meta'], (tx) => addIn(tx, wishes, now));
}

/**
 * The same inside a writing transaction on `keepsakes`, `outbox`, `pages`, `rows` and `meta`.
 * @param {IDBTransaction} tx
 * @param {Wish[]} wishes
 * @param {number} now
 * @returns {Promise<Waiting[]>}
 */
export async function addIn(tx, wishes, now) {
  const library = (await readMeta(tx, 'identity'))?.library_id ?? null;
  const time = now + ((await readMeta(tx, 'clock_offset')) ?? 0);
  let stamp = (await readMeta(tx, 'stamp')) ?? null;
  const kept = [];
  for (const wish of wishes) {
    stamp = nextStamp(stamp, time);
    const key = await survivor(tx, wish.key);
    const row = /** @type {Row | undefined} */ (await asked(tx.objectStore('rows').get(key)));
    const earlier = /** @type {Waiting[]} */ (await asked(tx.objectStore('outbox').index('key').getAll(key)));
    // Where the row went to the bin meanwhile, the object was there all the same when this one's last edit was made.
    const base = row?.version ?? Math.max(0, ...earlier.map((op) => op.base));
    // What is being given back, or will be once the library is pulled anew, is what the user sees.
    const was = row?.stale && (await asked(tx.objectStore('keepsakes').get(key)));
    const aside = was?.epoch && was.version === row?.version ? { epoch: was.epoch, version: was.version } : undefined;
    const seen = earlier.findLast((op) => op.whole)?.seen ?? aside;
    kept.push(await write(tx, { ...wish, key }, { stamp, library, base, made_at: now, seen }));
  }
  writeMeta(tx, 'stamp', stamp);
  return kept;
}

/**
 * Keep what the library knew before ahead of all that waits. Edits of it that wait are later, whatever their clocks said.
 * @param {IDBTransaction} tx a writing one on `outbox`, `pages`, `rows` and `meta`
 * @param {Gift[]} wishes in their order
 * @param {number} seen_at when the library was last known to be so, in Unix milliseconds by the server's clock
 * @param {number} now
 */
export async function addAhead(tx, wishes, seen_at, now) {
  const library = (await readMeta(tx, 'identity'))?.library_id ?? null;
  const waiting = /** @type {Waiting[]} */ (await asked(tx.objectStore('outbox').getAll()));
  const given = new Set(wishes.map((wish) => wish.key));
  let order = Math.min(Number(waiting[0]?.order ?? 1), 1) - wishes.length;
  let stamp = '';
  for (const { base, seen, whole, ...wish } of wishes) {
    stamp = nextStamp(stamp, seen_at);
    await write(tx, wish, { stamp, library, base, made_at: now, order: order++, seen, whole });
  }
  for (const op of waiting) {
    if (!given.has(op.key) || op.state !== 'waiting' || op.stamp > stamp) continue;
    stamp = nextStamp(stamp, seen_at);
    tx.objectStore('outbox').put({ ...op, stamp });
  }
  if (stamp > ((await readMeta(tx, 'stamp')) ?? '')) writeMeta(tx, 'stamp', stamp);
}

/**
 * @param {IDBTransaction} tx
 * @param {Wish} wish
 * @param {{stamp: string, library: string | null, base: number, made_at: number, order?: number, seen?: Seen,
 *   whole?: true}} at
 * @returns {Promise<Waiting>}
 */
async function write(tx, wish, at) {
  const { set = {}, add: plus = {}, del = {}, hint = null, type, key, op } = wish;
  const id = newId(at.made_at);
  const { page, ...savedFrom } = set.saved_from ?? {};
  if (page) tx.objectStore('pages').put(page, id);
  const lean = page ? { ...set, saved_from: savedFrom } : set;
  const fresh = { id, type, key, op, set: lean, add: plus, del, hint, ...at };
  const record = { ...fresh, device: null, seq: null, state: 'waiting', code: null, not_before: 0 };
  const order = await asked(tx.objectStore('outbox').add(record));
  return /** @type {Waiting} */ ({ ...record, order });
}

/**
 * Take back an object that no server has heard of: its ops vanish as if they had never been.
 * @param {IDBDatabase} db
 * @param {string} key
 * @returns {Promise<boolean>} false where an op of it was sent already: then only a delete can undo it
 */
export async function withdraw(db, key) {
  return transact(db, 'readwrite', ['outbox', 'pages', 'rows'], async (tx) => {
    const outbox = tx.objectStore('outbox');
    const ops = /** @type {Waiting[]} */ (await asked(outbox.index('key').getAll(key)));
    const row = await asked(tx.objectStore('rows').get(key));
    if (row || ops.some((op) => op.tried || op.state !== 'waiting')) return false;
    for (const op of ops) remove(tx, op);
    return true;
  });
}

/**
 * Throw one op away, whatever its state: only ever by the user's own click.
 * @param {IDBDatabase} db
 * @param {number} order
 */
export async function dismiss(db, order) {
  await transact(db, 'readwrite', ['outbox', 'pages'], async (tx) => {
    const op = await asked(tx.objectStore('outbox').get(order));
    if (op) remove(tx, op);
  });
}

/**
 * Send a refused op again as a new one: the server remembers what it said to the old id.
 * @param {IDBDatabase} db
 * @param {number} order
 * @param {number} now Unix milliseconds
 */
export async function tryAgain(db, order, now = Date.now()) {
  await transact(db, 'readwrite', ['keepsakes', 'outbox', 'pages', 'rows', 'meta'], async (tx) => {
    const op = /** @type {Waiting | undefined} */ (await asked(tx.objectStore('outbox').get(order)));
    if (op?.state !== 'refused') return;
    const page = await asked(tx.objectStore('pages').get(op.id));
    if (op.whole) {
      const again = { ...op, id: newId(now), state: 'waiting', device: null, seq: null, code: null };
      remove(tx, op);
      if (page) tx.objectStore('pages').put(page, again.id);
      tx.objectStore('outbox').put(again); // it is no wish of now: it keeps its place and its clock
      return;
    }
    const { set, hint } = op;
    const whole = page ? { ...set, saved_from: { ...set.saved_from, page } } : set;
    remove(tx, op);
    await addIn(tx, [{ ...op, set: whole, hint: hint ?? undefined }], now);
  });
}

/**
 * How much waits, what belongs to another library, and what the server would not take.
 * @param {IDBDatabase} db
 * @returns {Promise<Queue>}
 */
export async function queue(db) {
  return transact(db, 'readonly', ['outbox', 'meta'], async (tx) => {
    const library = (await readMeta(tx, 'identity'))?.library_id ?? null;
    const ops = /** @type {Waiting[]} */ (await asked(tx.objectStore('outbox').getAll()));
    const waiting = ops.filter((op) => op.state === 'waiting');
    const foreign = waiting.filter((op) => op.library !== null && library !== null && op.library !== library);
    const count = waiting.length - foreign.length;
    const trouble = ops.filter((op) => op.state === 'refused' || op.state === 'held');
    return { waiting: count, parked: foreign.length, many: count >= MANY, trouble };
  });
}

/**
 * Everything that waits, with the pages of its saves, for a file that the user keeps.
 * @param {IDBDatabase} db
 * @returns {Promise<object[]>}
 */
export async function everything(db) {
  return transact(db, 'readonly', ['outbox', 'pages'], async (tx) => {
    const ops = /** @type {Waiting[]} */ (await asked(tx.objectStore('outbox').getAll()));
    const shown = [];
    for (const op of ops) shown.push({ ...op, page: await asked(tx.objectStore('pages').get(op.id)) });
    return shown;
  });
}

/**
 * Whether an edit of an object waits.
 * @param {IDBTransaction} tx one on `outbox`
 * @param {string} key
 * @returns {Promise<boolean>}
 */
export async function isEdited(tx, key) {
  const ops = /** @type {Waiting[]} */ (await asked(tx.objectStore('outbox').index('key').getAll(key)));
  return ops.some((op) => op.state === 'waiting');
}

/**
 * Remove an op and its page, inside a writing transaction on `outbox` and `pages`.
 * @param {IDBTransaction} tx
 * @param {Waiting} op
 */
export function remove(tx, op) {
  tx.objectStore('outbox').delete(/** @type {number} */ (op.order));
  tx.objectStore('pages').delete(op.id);
}
