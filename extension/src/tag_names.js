/**
 * Names of tags: how they are cleaned, and when two are one.
 *
 * Pure. The server makes tags of one name one; until it was asked, the windows show them so already.
 */

/** @import { Tag } from "./views.js" */

const MOST_NAME = 255;

/** The form under which two names are one. @param {string} name @returns {string} */
export function folded(name) {
  return name.normalize('NFC').toLowerCase().normalize('NFC').trim();
}

/** What was typed as a name that the server takes. @param {string} typed @returns {string} empty where there is none */
export function cleaned(typed) {
  return typed.replaceAll('\0', '').replace(/\s+/g, ' ').trim().slice(0, MOST_NAME).toWellFormed();
}

/**
 * Tags of one name as one: the older key stands for all, as it will on the server.
 * @param {Tag[]} tags
 * @returns {Tag[]} in the same order, each where its name came first
 */
export function asOne(tags) {
  /** @type {Map<string, Tag>} */
  const byName = new Map();
  for (const tag of tags) {
    const known = byName.get(folded(tag.name));
    byName.set(folded(tag.name), known ? joined(known, tag) : tag);
  }
  return [...byName.values()];
}

/** @param {Tag} a @param {Tag} b @returns {Tag} */
function joined(a, b) {
  const [older, younger] = a.key < b.key ? [a, b] : [b, a];
  return {
    ...older,
    also: [...older.also, younger.key, ...younger.also],
    count: a.count + b.count,
    used: Math.max(a.used, b.used),
  };
}
