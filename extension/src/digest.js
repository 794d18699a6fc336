/**
 * The audit: whether the mirror is what the server holds, by 256 sums; what differs is pulled again, and only that.
 *
 * Works on a mirror that was pulled to its end, under the lock of sync. Refuses to judge while the library moves, and
 * to throw away: a row that the server lacks goes to the bin.
 */

import { bury, emptyBin } from './bin.js';
import { asked, readMeta, transact, writeMeta } from './db.js';
import { Refused } from './errors.js';
import { isEdited } from './outbox.js';
import { keep } from './rows.js';

/** @import { Remote } from "./api.js" */
/** @import { Change, Row } from "./wire.js" */

const BUCKETS = 256;
const MODULUS = 2 ** 48;
const WEEK_MS = 7 * 24 * 60 * 60_000;

/**
 * Compare and repair, if it is time: weekly, and after errors that should not have been.
 * @param {IDBDatabase} db
 * @param {Remote} remote
 * @param {number} now Unix milliseconds
 * @returns {Promise<number>} how many buckets were pulled again
 */
export async function audit(db, remote, now) {
  if (!(await isDue(db, now))) return 0;
  try {
    const repaired = await compare(db, remote, now);
    if (repaired === null) return 0;
    await noteAudit(db, now);
    return repaired;
  } catch (error) {
    if (!(error instanceof Refused && error.status === 404)) throw error;
    await noteAudit(db, now); // a server without digests: ask again in a week
    return 0;
  }
}

/** Have the next round of sync compare. @param {IDBDatabase} db */
export async function wantAudit(db) {
  await transact(db, 'readwrite', ['meta'], async (tx) => writeMeta(tx, 'audited_at', 0));
}

/** @param {IDBDatabase} db @param {number} now @returns {Promise<boolean>} */
async function isDue(db, now) {
  return transact(db, 'readwrite', ['meta'], async (tx) => {
    const last = await readMeta(tx, 'audited_at');
    if (last !== undefined) return last + WEEK_MS <= now;
    writeMeta(tx, 'audited_at', now); // what was just pulled for the first time needs no audit
    return false;
  });
}

/** @param {IDBDatabase} db @param {number} now */
async function noteAudit(db, now) {
  await transact(db, 'readwrite', ['meta'], async (tx) => writeMeta(tx, 'audited_at', now));
  await emptyBin(db, now);
}

/** @param {IDBDatabase} db @param {Remote} remote @param {number} now @returns {Promise<number | null>} null: it moved */
async function compare(db, remote, now) {
  const { version, buckets } = await remote.digest();
  const { upto, rows } = await transact(db, 'readonly', ['rows', 'meta'], async (tx) => ({
    upto: await readMeta(tx, 'upto'),
    rows: /** @type {Row[]} */ (await asked(tx.objectStore('rows').getAll())).filter((row) => !row.deleted),
  }));
  if (upto !== version) return null;
  const own = await digestOf(rows);
  const differ = buckets.flatMap(([count, sum], n) => (own[n].count === count && own[n].sum === sum ? [] : [n]));
  for (const n of differ) {
    const changes = await bucketOf(remote, n, version);
    if (!changes) return null;
    await repair(db, own[n].keys, changes, now);
  }
  return differ.length;
}

/**
 * Counts, sums and keys of the 256 buckets of these objects, as docs/protocol.md defines them.
 * @param {{key: string, version: number}[]} objects live ones
 * @returns {Promise<{count: number, sum: number, keys: string[]}[]>}
 */
export async function digestOf(objects) {
  const buckets = Array.from({ length: BUCKETS }, () => ({ count: 0, sum: 0, keys: /** @type {string[]} */ ([]) }));
  for (const { key, version } of objects) {
    const bucket = buckets[(await sha256(key)).getUint8(0)];
    const hash = await sha256(`${key}:${version}`);
    bucket.count += 1;
    bucket.sum = (bucket.sum + hash.getUint16(0) * 2 ** 32 + hash.getUint32(2)) % MODULUS;
    bucket.keys.push(key);
  }
  return buckets;
}

/** @param {string} text @returns {Promise<DataView>} */
async function sha256(text) {
  return new DataView(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
}

/** @param {Remote} remote @param {number} n @param {number} version @returns {Promise<Change[] | null>} null: it moved */
async function bucketOf(remote, n, version) {
  const changes = [];
  for (let cursor = /** @type {string | null} */ (null), more = true; more;) {
    const page = await remote.bucket(n, cursor);
    if (page.version !== version) return null;
    changes.push(...page.changes);
    cursor = page.cursor;
    more = cursor !== null;
  }
  return changes;
}

/** @param {IDBDatabase} db @param {string[]} held keys of the mirror's bucket @param {Change[]} changes @param {number} now */
async function repair(db, held, changes, now) {
  const there = new Set(changes.map((change) => change.key));
  await transact(db, 'readwrite', ['rows', 'keepsakes', 'outbox', 'meta'], async (tx) => {
    const rows = tx.objectStore('rows');
    for (const key of held.filter((one) => !there.has(one))) {
      const row = /** @type {Row | undefined} */ (await asked(rows.get(key)));
      if (row?.type === 'paper') rows.delete(key);
      else if (row && !(await isEdited(tx, key))) await bury(tx, row, now);
    }
    for (const change of changes) {
      const row = /** @type {Row | undefined} */ (await asked(rows.get(change.key)));
      if (row && row.version > change.version) rows.put({ ...row, stale: 1 });
      await keep(tx, change);
    }
  });
}
