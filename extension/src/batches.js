/**
 * Batches of ops on their way to the server, and what its answer makes of them.
 *
 * A lost answer must not double anything: ids and sequences are on the disk before the first byte leaves, and what was
 * sent without an answer is sent again first, under the same ids and the same sequences.
 */

import { bury } from './bin.js';
import { asked, readMeta, transact, writeMeta } from './db.js';
import { BadAnswer } from './errors.js';
import { hlc } from './hlc.js';
import { overlay } from './merge.js';
import { remove } from './outbox.js';
import { keep } from './rows.js';

/** @import { Binned, Op, OpResult, PushAnswer, PushWish, Row, Waiting } from "./wire.js" */

const MOST_OPS = 200;
const MOST_BYTES = 900 * 1024; // the server takes 1 MiB, envelope included

/** @typedef {{library_id: string, device_id: string}} Identity whose ops these are, and who sends them */
/** @typedef {{orders: number[], wish: PushWish}} Batch */

/**
 * The next push, its sequences already written down; null where nothing waits or nobody is connected.
 * @param {IDBDatabase} db
 * @param {number} now Unix milliseconds
 * @returns {Promise<Batch | null>}
 */
export async function nextBatch(db, now = Date.now()) {
  return transact(db, 'readwrite', ['outbox', 'pages', 'meta'], async (tx) => {
    const identity = /** @type {Identity | undefined} */ (await readMeta(tx, 'identity'));
    if (!identity) return null;
    const ready = await waitingOf(tx, identity, now);
    const sent = ready.filter((op) => op.seq !== null);
    const chosen = sent.length ? await fitting(tx, consecutive(sent)) : await fitting(tx, ready);
    if (!chosen.length) return null;
    if (!sent.length)
      await number(
        tx,
        chosen.map(({ record }) => record),
        identity,
      );
    return batchOf(chosen, identity, await readMeta(tx, 'epoch'));
  });
}

/** @param {IDBTransaction} tx @param {Identity} identity @param {number} now @returns {Promise<Waiting[]>} */
async function waitingOf(tx, identity, now) {
  const all = /** @type {Waiting[]} */ (await asked(tx.objectStore('outbox').getAll()));
  const later = new Set();
  return all.filter((op) => {
    if (op.state !== 'waiting' || (op.library !== null && op.library !== identity.library_id)) return false;
    // Edits of one object keep their order: what comes after one that must be patient is patient too.
    if (op.not_before > now) later.add(op.key);
    return !later.has(op.key);
  });
}

/** @param {Waiting[]} sent @returns {Waiting[]} those that were one run of sequences */
function consecutive(sent) {
  const run = sent.toSorted((a, b) => Number(a.seq) - Number(b.seq));
  const first = Number(run[0].seq);
  return run.filter((op, index) => Number(op.seq) === first + index);
}

/**
 * As many of the ops as one push may hold, one at least, with the pages that belong to them.
 * @param {IDBTransaction} tx
 * @param {Waiting[]} ops
 */
async function fitting(tx, ops) {
  const chosen = [];
  let bytes = 0;
  for (const record of ops.slice(0, MOST_OPS)) {
    const page = await asked(tx.objectStore('pages').get(record.id));
    const set = page ? { ...record.set, saved_from: { ...record.set.saved_from, page } } : record.set;
    bytes += new TextEncoder().encode(JSON.stringify(set)).length + 600;
    if (bytes > MOST_BYTES && chosen.length) break;
    chosen.push({ record, set });
  }
  return chosen;
}

/** @param {IDBTransaction} tx @param {Waiting[]} records @param {Identity} identity */
async function number(tx, records, identity) {
  let seq = (await readMeta(tx, 'next_seq')) ?? 1;
  for (const record of records) {
    Object.assign(record, { seq: seq++, device: identity.device_id, library: identity.library_id, tried: true });
    tx.objectStore('outbox').put(record);
  }
  writeMeta(tx, 'next_seq', seq);
}

/** @param {{record: Waiting, set: object}[]} chosen @param {Identity} identity @param {string | undefined} epoch */
function batchOf(chosen, identity, epoch) {
  const ops = chosen.map(({ record, set }) => wireOp(record, set, identity.device_id));
  const orders = chosen.map(({ record }) => Number(record.order));
  /** @type {PushWish} */
  const wish = { schema: 1, ...identity, first_seq: Number(chosen[0].record.seq), ops };
  if (epoch) wish.epoch = epoch;
  return { orders, wish };
}

/** @param {Waiting} record @param {object} set @param {string} device @returns {Op} */
function wireOp(record, set, device) {
  const { id, type, key, op, base, stamp, seen, whole } = record;
  /** @type {Op} */
  const wire = { id, type, key, op, base, hlc: hlc(stamp, device), ...(seen && { seen }), ...(whole && { whole }) };
  if (Object.keys(set).length) wire.set = set;
  if (Object.keys(record.add).length) wire.add = record.add;
  if (Object.keys(record.del).length) wire.del = record.del;
  return wire;
}

/**
 * Write down what the server said to a batch, all at once.
 * @param {IDBDatabase} db
 * @param {Batch} batch
 * @param {PushAnswer} answer
 * @param {number} now Unix milliseconds
 */
export async function settle(db, batch, answer, now = Date.now()) {
  const ids = batch.wish.ops.map((op) => op.id);
  if (answer.results?.length !== ids.length || answer.results.some((result, i) => result.id !== ids[i])) {
    throw new BadAnswer('other_changes');
  }
  await transact(db, 'readwrite', ['outbox', 'pages', 'rows', 'keepsakes', 'meta'], async (tx) => {
    for (const [index, result] of answer.results.entries()) {
      const record = /** @type {Waiting | undefined} */ (
        await asked(tx.objectStore('outbox').get(batch.orders[index]))
      );
      if (record) await note(tx, record, result, { now, head: answer.version });
    }
    if (!(await readMeta(tx, 'epoch'))) writeMeta(tx, 'epoch', answer.epoch);
    writeMeta(tx, 'last_contact', now);
    writeMeta(tx, 'clock_offset', Date.parse(answer.server_time) - now || 0);
  });
}

/** @typedef {{now: number, head: number}} Moment of an answer: Unix milliseconds, and the library's version */

/** @param {IDBTransaction} tx @param {Waiting} record @param {OpResult} result @param {Moment} moment */
async function note(tx, record, result, moment) {
  const { status, code = null } = result;
  const outbox = tx.objectStore('outbox');
  if (status === 'retry') {
    const wait = (result.after ?? 60) * 1000;
    outbox.put({ ...record, ...(await without(tx, record)), seq: null, not_before: moment.now + wait });
  } else if (status === 'held') {
    outbox.put({ ...record, state: 'held', code: 'held' });
  } else if (code === 'discarded' || (code === 'gone' && (await buryWith(tx, record, moment)))) {
    remove(tx, record); // somebody said on another device that it was not meant, or the bin has it
  } else if (status === 'rejected' || code === 'gone' || (status === 'duplicate' && code)) {
    outbox.put({ ...record, state: 'refused', code });
  } else {
    outbox.put({ ...record, state: 'taken', code });
    if (result.object) await learn(tx, record, result);
  }
}

/**
 * The op without what later ops of this device have set meanwhile: its new sequence must not make it the newest.
 * @param {IDBTransaction} tx
 * @param {Waiting} record
 */
async function without(tx, record) {
  const same = /** @type {Waiting[]} */ (await asked(tx.objectStore('outbox').index('key').getAll(record.key)));
  const later = same.filter((op) => Number(op.order) > Number(record.order) && op.seq !== null);
  const set = later.flatMap((op) => Object.keys(op.set));
  return { set: Object.fromEntries(Object.entries(record.set).filter(([name]) => !set.includes(name))) };
}

/**
 * The server has forgotten the object: it goes to the bin with this edit on it, as do later ones; or is gone, as was
 * wished.
 * @param {IDBTransaction} tx @param {Waiting} record @param {Moment} moment
 * @returns {Promise<boolean>} false where there is nothing that the edit could be put on
 */
async function buryWith(tx, record, { now, head }) {
  const { type, key, library, hint } = record;
  const row = /** @type {Row | undefined} */ (await asked(tx.objectStore('rows').get(key)));
  if (record.op === 'delete') {
    if (row && !row.deleted) await keep(tx, { type, key, version: head, deleted: true });
    return true;
  }
  let binned = /** @type {Binned | undefined} */ (await asked(tx.objectStore('keepsakes').get(key)));
  if (record.whole && !binned) {
    const page = (await asked(tx.objectStore('pages').get(record.id))) ?? null;
    binned = { type, key, version: 0, names: hint?.names ?? [], kept_at: now, library, hint, page };
  }
  if (row && !row.deleted) await bury(tx, { ...row, data: overlay(row, [record])?.data }, now);
  else if (!row && binned) tx.objectStore('keepsakes').put({ ...binned, data: overlay(binned, [record])?.data });
  else return false;
  return true;
}

/** @param {IDBTransaction} tx @param {Waiting} record @param {OpResult} result */
async function learn(tx, record, result) {
  const object = /** @type {import("./wire.js").Change} */ (result.object);
  if (result.status !== 'duplicate') await keep(tx, object); // which tells again what it told once
  if (object.key === record.key) return;
  const version = result.version ?? object.version;
  const alias = { type: record.type, key: record.key, version, deleted: true, merged_into: object.key };
  await keep(tx, alias, record.hint?.names);
  // The save met an older entry: an undo that was clicked meanwhile meant the new one, not that.
  const same = /** @type {Waiting[]} */ (await asked(tx.objectStore('outbox').index('key').getAll(record.key)));
  for (const op of same) if (op.op === 'delete' && op.seq === null) remove(tx, op);
}
