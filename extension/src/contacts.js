/**
 * The history of the last rounds of sync, for a person who wants to know what went on.
 *
 * Rounds in which nothing happened are one line that counts them: a quiet night must not push the story out.
 */

import { asked, transact } from './db.js';

/** @import { Contact } from "./wire.js" */

const MOST = 100;

/**
 * Note a round, inside a writing transaction on `contacts`.
 * @param {IDBTransaction} tx
 * @param {Omit<Contact, "number" | "since" | "times">} round
 */
export async function noteContact(tx, round) {
  const contacts = tx.objectStore('contacts');
  const last = /** @type {Contact | undefined} */ ((await asked(contacts.openCursor(null, 'prev')))?.value);
  if (last && alike(last, round)) {
    contacts.put({ ...last, at: round.at, took: round.took, times: last.times + 1 });
    return;
  }
  contacts.add({ ...round, since: round.at, times: 1 });
  const numbers = await asked(contacts.getAllKeys());
  for (const number of numbers.slice(0, -MOST)) contacts.delete(number);
}

/** @param {Contact} last @param {Omit<Contact, "number" | "since" | "times">} round */
function alike(last, round) {
  const still = [last, round].every((one) => !one.pushed && !one.pulled);
  return still && last.trouble === round.trouble;
}

/**
 * The last rounds, the latest first.
 * @param {IDBDatabase} db
 * @returns {Promise<Contact[]>}
 */
export async function contactsOf(db) {
  return transact(db, 'readonly', ['contacts'], async (tx) => {
    return /** @type {Contact[]} */ (await asked(tx.objectStore('contacts').getAll())).reverse();
  });
}
