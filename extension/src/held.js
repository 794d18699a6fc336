/**
 * Deletions that the server holds because they were so many: seen, and settled by a person's word.
 *
 * Any device of the library may settle them; this one's outbox hears of it here. Refuses to settle anything by itself.
 */

import { asked, transact } from './db.js';
import { Refused } from './errors.js';

/** @import { Remote } from "./api.js" */
/** @import { HeldOp, Waiting } from "./wire.js" */

/**
 * All that the server holds.
 * @param {Remote} remote
 * @returns {Promise<HeldOp[]>} none where the server holds nothing ever
 */
export async function heldOps(remote) {
  const found = [];
  try {
    for (let cursor = /** @type {string | null} */ (null), more = true; more;) {
      const page = await remote.held(cursor);
      found.push(...page.items);
      cursor = page.cursor;
      more = cursor !== null;
    }
  } catch (error) {
    if (!(error instanceof Refused && error.status === 404)) throw error;
  }
  return found;
}

/**
 * Say whether a deletion was meant. What was settled already, here or elsewhere, is no trouble.
 * @param {IDBDatabase} db
 * @param {Remote} remote
 * @param {string} id the op's
 * @param {"confirm" | "discard"} action
 */
export async function settleHeld(db, remote, id, action) {
  let settled = [id];
  try {
    settled = (await remote.settle(id, action)).results.map((result) => result.id);
  } catch (error) {
    if (!(error instanceof Refused && error.status === 404)) throw error;
  }
  await asksAgain(db, (op) => settled.includes(op.id));
}

/**
 * Say of all that is held whether it was meant. A deletion that the person has not seen is never confirmed with them.
 * @param {IDBDatabase} db
 * @param {Remote} remote
 * @param {HeldOp[]} seen what the person was shown
 * @param {"confirm" | "discard"} action
 * @returns {Promise<boolean>} false where nothing was settled, for others came meanwhile
 */
export async function settleAll(db, remote, seen, action) {
  const ids = new Set(seen.map((op) => op.id));
  if (action === 'confirm' && (await heldOps(remote)).some((op) => !ids.has(op.id))) return false;
  for (let more = true; more;) {
    const answer = await remote.settleAll(action);
    more = answer.more && answer.settled > 0;
  }
  await asksAgain(db, () => true);
  return true;
}

/**
 * Where this device's own ops are held: have those that were settled meanwhile ask for their result.
 * @param {IDBDatabase} db
 * @param {Remote} remote
 * @returns {Promise<boolean>} whether some will ask
 */
export async function reviewHeld(db, remote) {
  const held = await transact(db, 'readonly', ['outbox'], async (tx) => {
    const ops = /** @type {Waiting[]} */ (await asked(tx.objectStore('outbox').getAll()));
    return ops.some((op) => op.state === 'held');
  });
  if (!held) return false;
  const still = new Set((await heldOps(remote)).map((op) => op.id));
  return (await asksAgain(db, (op) => !still.has(op.id))) > 0;
}

/**
 * Push these held ops again: the server answers with what became of them.
 * @param {IDBDatabase} db @param {(op: Waiting) => boolean} which
 * @returns {Promise<number>}
 */
async function asksAgain(db, which) {
  return transact(db, 'readwrite', ['outbox'], async (tx) => {
    const outbox = tx.objectStore('outbox');
    const ops = /** @type {Waiting[]} */ (await asked(outbox.getAll()));
    const chosen = ops.filter((op) => op.state === 'held' && which(op));
    for (const op of chosen) outbox.put({ ...op, state: 'waiting', seq: null, code: null });
    return chosen.length;
  });
}
