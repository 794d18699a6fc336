/**
 * Tags on an entry: found by name, made when new, put on and taken off.
 *
 * A tag is an object of its own, so two devices that make the same name offline end up with one tag.
 */

import { newId } from './ids.js';
import { add } from './outbox.js';
import { allTags } from './views.js';

/** @import { Tag } from "./views.js" */
/** @import { Wish } from "./wire.js" */

const MOST_NAME = 255;

/** The form under which two names are one. @param {string} name @returns {string} */
export function folded(name) {
  return name.normalize('NFC').toLowerCase().normalize('NFC').trim();
}

/**
 * Put a tag on an entry, made where no tag of this name is there.
 * @param {IDBDatabase} db
 * @param {string} entryKey
 * @param {string} typed
 * @returns {Promise<boolean>} false where there was no name
 */
export async function putTag(db, entryKey, typed) {
  const name = typed.replaceAll('\0', '').replace(/\s+/g, ' ').trim().slice(0, MOST_NAME).toWellFormed();
  if (!name) return false;
  const known = (await allTags(db)).find((tag) => folded(tag.name) === folded(name));
  const now = Date.now();
  const key = known?.key ?? newId(now);
  /** @type {Wish[]} */
  const wishes = [{ type: 'entry', key: entryKey, op: 'put', add: { tags: [key] } }];
  if (!known) {
    const set = { name, created_at: new Date(now).toISOString() };
    wishes.unshift({ type: 'tag', key, op: 'put', set });
  }
  await add(db, wishes, now);
  return true;
}

/**
 * Take a tag off an entry; the tag itself stays.
 * @param {IDBDatabase} db
 * @param {string} entryKey
 * @param {string[]} keys the tag's, with those that were merged into it
 */
export async function dropTag(db, entryKey, keys) {
  await add(db, [{ type: 'entry', key: entryKey, op: 'put', del: { tags: keys } }]);
}

/**
 * Tags to offer for what was typed: those that begin so first, then those with a word that does; the most used first.
 * @param {Tag[]} tags as `allTags` orders them
 * @param {string} typed
 * @param {string[]} taken keys that are on the entry already
 * @param {number} most
 * @returns {Tag[]}
 */
export function suggestions(tags, typed, taken, most = 6) {
  const start = folded(typed);
  const open = tags.filter((tag) => !taken.includes(tag.key));
  if (!start) return open.slice(0, most);
  const first = open.filter((tag) => folded(tag.name).startsWith(start));
  const inside = open.filter((tag) => !first.includes(tag) && folded(tag.name).includes(start));
  return [...first, ...inside].slice(0, most);
}
