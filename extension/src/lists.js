/**
 * Reading lists: found by name, made when new, and papers put on them and taken off.
 *
 * Unlike tags, two lists may have one name; what is typed means the one that was used last.
 */

import { newId } from './ids.js';
import { add } from './outbox.js';
import { cleaned, folded } from './tag_names.js';
import { noteUse } from './used.js';
import { allLists } from './views.js';

/** @import { Wish } from "./wire.js" */

/**
 * Put an entry on a list, made where none of this name is there.
 * @param {IDBDatabase} db
 * @param {string} entryKey
 * @param {string} typed
 * @returns {Promise<boolean>} false where there was no name
 */
export async function putOnList(db, entryKey, typed) {
  const name = cleaned(typed);
  if (!name) return false;
  const known = (await allLists(db)).find((list) => folded(list.name) === folded(name));
  const now = Date.now();
  const key = known?.key ?? newId(now);
  /** @type {Wish[]} */
  const wishes = [{ type: 'entry', key: entryKey, op: 'put', add: { lists: [key] } }];
  if (!known) wishes.unshift({ type: 'list', key, op: 'put', set: { name, created_at: new Date(now).toISOString() } });
  await add(db, wishes, now);
  await noteUse(db, key, now);
  return true;
}

/**
 * Take an entry off a list; the list itself stays.
 * @param {IDBDatabase} db
 * @param {string} entryKey
 * @param {string} key the list's
 */
export async function takeOffList(db, entryKey, key) {
  await add(db, [{ type: 'entry', key: entryKey, op: 'put', del: { lists: [key] } }]);
}
