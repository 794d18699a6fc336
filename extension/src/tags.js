/**
 * Tags: found by name, made when new, put on papers and taken off, renamed, merged and recoloured.
 *
 * A tag is an object of its own, so two devices that make the same name offline end up with one tag, and what is done to
 * a tag is one small change, however many papers carry it.
 */

import { newId } from './ids.js';
import { add } from './outbox.js';
import { cleaned, folded } from './tag_names.js';
import { noteUse, weight } from './used.js';
import { allTags } from './views.js';

/** @import { Tag } from "./views.js" */
/** @import { Fields, Wish } from "./wire.js" */

/**
 * Put a tag on an entry, made where no tag of this name is there.
 * @param {IDBDatabase} db
 * @param {string} entryKey
 * @param {string} typed
 * @param {"entry" | "highlight"} type what the key is of
 * @returns {Promise<boolean>} false where there was no name
 */
export async function putTag(db, entryKey, typed, type = 'entry') {
  const name = cleaned(typed);
  if (!name) return false;
  const known = (await allTags(db)).find((tag) => folded(tag.name) === folded(name));
  const now = Date.now();
  const key = known?.key ?? newId(now);
  /** @type {Wish[]} */
  const wishes = [{ type, key: entryKey, op: 'put', add: { tags: [key] } }];
  if (!known) {
    const set = { name, created_at: new Date(now).toISOString() };
    wishes.unshift({ type: 'tag', key, op: 'put', set });
  }
  await add(db, wishes, now);
  await noteUse(db, key, now);
  return true;
}

/**
 * Take a tag off an entry; the tag itself stays.
 * @param {IDBDatabase} db
 * @param {string} entryKey
 * @param {string[]} keys the tag's, with those that were merged into it
 * @param {"entry" | "highlight"} type what the key is of
 */
export async function dropTag(db, entryKey, keys, type = 'entry') {
  await add(db, [{ type, key: entryKey, op: 'put', del: { tags: keys } }]);
}

/**
 * Give a tag another name. The name of another tag makes the two one, which cannot be undone.
 * @param {IDBDatabase} db
 * @param {Tag} tag
 * @param {string} typed
 * @returns {Promise<boolean>} false where there was no new name
 */
export async function renameTag(db, tag, typed) {
  const name = cleaned(typed);
  if (!name || name === tag.name) return false;
  await change(db, tag, { name });
  return true;
}

/**
 * Make a tag one with another, under the other's name and colour: every paper of the one carries the other from now on.
 * @param {IDBDatabase} db
 * @param {Tag} tag
 * @param {Tag} into
 */
export async function mergeTags(db, tag, into) {
  const { name, color } = into;
  await change(db, tag, tag.color === color ? { name } : { name, color });
}

/**
 * Give a tag another colour.
 * @param {IDBDatabase} db
 * @param {Tag} tag
 * @param {string | null} color a name of `COLORS`, `#rrggbb`, or null for none
 */
export async function recolorTag(db, tag, color) {
  await change(db, tag, { color });
}

/**
 * One op; of tags that became one and that no server has heard of yet, one for each.
 * @param {IDBDatabase} db @param {Tag} tag @param {Fields} set
 */
async function change(db, { key, also }, set) {
  const keys = [key, ...also];
  await add(
    db,
    keys.map((one) => /** @type {Wish} */ ({ type: 'tag', key: one, op: 'put', set })),
  );
}

/**
 * Tags or lists to offer for what was typed: those that begin so first, then those with a word that does; in each the
 * first are those that were used lately and often.
 * @param {Tag[]} tags
 * @param {string} typed
 * @param {string[]} taken keys that are on the entry already
 * @param {{most?: number, now?: number}} [how] `now` in Unix milliseconds
 * @returns {Tag[]}
 */
export function suggestions(tags, typed, taken, { most = 6, now = Date.now() } = {}) {
  const start = folded(typed);
  const open = tags.filter((tag) => !taken.includes(tag.key)).sort((a, b) => weight(b, now) - weight(a, now));
  const first = open.filter((tag) => folded(tag.name).startsWith(start));
  const inside = open.filter((tag) => !first.includes(tag) && folded(tag.name).includes(start));
  return [...first, ...inside].slice(0, most);
}
