/**
 * When a tag or list was last put on something on this device, and how that ranks what a field offers.
 *
 * Kept on this device alone: what a hand did a moment ago is likely what it does next, on this machine.
 */

import { readMeta, transact, writeMeta } from './db.js';

const MOST = 500; // names remembered
const WEEK_MS = 7 * 24 * 3_600_000;

/** @typedef {Record<string, number>} Uses Unix milliseconds, by key */

/**
 * Remember that a tag or list was used.
 * @param {IDBDatabase} db
 * @param {string} key
 * @param {number} now Unix milliseconds
 */
export async function noteUse(db, key, now = Date.now()) {
  await transact(db, 'readwrite', ['meta'], async (tx) => {
    const uses = Object.entries({ ...(await usesIn(tx)), [key]: now }).sort((a, b) => b[1] - a[1]);
    writeMeta(tx, 'uses', Object.fromEntries(uses.slice(0, MOST)));
  });
}

/** Inside a transaction on `meta`. @param {IDBTransaction} tx @returns {Promise<Uses>} */
export async function usesIn(tx) {
  return (await readMeta(tx, 'uses')) ?? {};
}

/**
 * How early something is offered: by how often it is on papers (a logarithm, so that ten times as often is one step) and
 * by how lately it was used (a week halves it).
 * @param {{count: number, used: number}} label
 * @param {number} now Unix milliseconds
 * @returns {number}
 */
export function weight({ count, used }, now) {
  return Math.log10(1 + count) + (used ? 2 * 2 ** ((used - now) / WEEK_MS) : 0);
}
