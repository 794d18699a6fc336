/**
 * What the windows show: entries, tags and highlights, each the mirror with the outbox laid over it.
 *
 * Reads only, and asks nobody outside: a lookup works without network and tells no server which pages are visited.
 */

import { asked, transact } from './db.js';
import { citation, overlay, shows } from './merge.js';
import { namesOf } from './names.js';
import { aliases, survivor } from './rows.js';
import { asOne } from './tag_names.js';
import { usesIn } from './used.js';

/** @import { PaperLink, Row, View, Waiting } from "./wire.js" */

/** A tag or a list; `also` are the keys of other tags of its name, which no server has made one with it yet; `used`: when
 * it was last put on something on this device, in Unix milliseconds, 0 for never.
 * @typedef {{key: string, also: string[], name: string, color: string | null, count: number, used: number}} Tag */
/** @typedef {{entry: View, title: string, authors: string[], names: string[], links: PaperLink[], pdf: string | null,
 *   tags: Tag[], lists: Tag[], highlights: View[]}} Shelved */

/**
 * The live entry that answers to one of these names.
 * @param {IDBDatabase} db
 * @param {string[]} names `scheme:value`
 * @returns {Promise<Shelved | null>}
 */
export async function findEntry(db, names) {
  return transact(db, 'readonly', ['rows', 'outbox'], async (tx) => {
    const ops = await outboxOf(tx);
    for (const key of await entryKeys(tx, names, ops)) {
      const entry = await viewOf(tx, key, ops);
      if (entry && !entry.deleted) return shelved(tx, entry, ops);
    }
    return null;
  });
}

/**
 * The live entry of this key, or of the one that it was merged into.
 * @param {IDBDatabase} db
 * @param {string} key
 * @returns {Promise<Shelved | null>}
 */
export async function entryOf(db, key) {
  return transact(db, 'readonly', ['rows', 'outbox'], async (tx) => {
    const ops = await outboxOf(tx);
    const entry = await viewOf(tx, await survivor(tx, key), ops);
    return entry && !entry.deleted ? shelved(tx, entry, ops) : null;
  });
}

/**
 * Of several papers, which are in the library.
 * @param {IDBDatabase} db
 * @param {string[][]} papers each by its names
 * @returns {Promise<boolean[]>} in their order
 */
export async function whichAreThere(db, papers) {
  return transact(db, 'readonly', ['rows', 'outbox'], async (tx) => {
    const ops = await outboxOf(tx);
    const there = [];
    for (const names of papers) there.push(await isThere(tx, names, ops));
    return there;
  });
}

/** @param {IDBTransaction} tx @param {string[]} names @param {Waiting[]} ops @returns {Promise<boolean>} */
async function isThere(tx, names, ops) {
  for (const key of await entryKeys(tx, names, ops)) {
    const entry = await viewOf(tx, key, ops);
    if (entry && !entry.deleted) return true;
  }
  return false;
}

/**
 * Every live tag, the most used first.
 * @param {IDBDatabase} db
 * @returns {Promise<Tag[]>}
 */
export async function allTags(db) {
  const tags = await labels(db, 'tag', (tx, key, ops) => usesOf(tx, key, ops));
  return asOne(tags).sort((a, b) => b.count - a.count || a.name.localeCompare(b.name));
}

/**
 * Every live list, the one that was used last on this device first, then the newest.
 * @param {IDBDatabase} db
 * @returns {Promise<Tag[]>} how many papers are on them is not counted
 */
export async function allLists(db) {
  const lists = await labels(db, 'list', async () => 0);
  return lists.sort((a, b) => b.used - a.used || (a.key < b.key ? 1 : -1));
}

/**
 * @param {IDBDatabase} db @param {"tag" | "list"} type
 * @param {(tx: IDBTransaction, key: string, ops: Waiting[]) => Promise<number>} count
 * @returns {Promise<Tag[]>}
 */
async function labels(db, type, count) {
  return transact(db, 'readonly', ['rows', 'outbox', 'meta'], async (tx) => {
    const [ops, uses] = [await outboxOf(tx), await usesIn(tx)];
    /** @type {Tag[]} */
    const found = [];
    for (const key of await keysOf(tx, type, ops)) {
      const label = await labelOf(tx, key, ops);
      if (label) found.push({ ...label, count: await count(tx, key, ops), used: uses[key] ?? 0 });
    }
    return found;
  });
}

/** @param {IDBTransaction} tx @returns {Promise<Waiting[]>} */
async function outboxOf(tx) {
  const ops = /** @type {Waiting[]} */ (await asked(tx.objectStore('outbox').getAll()));
  return ops.filter(shows);
}

/** @param {IDBTransaction} tx @param {string[]} names @param {Waiting[]} ops @returns {Promise<Set<string>>} */
async function entryKeys(tx, names, ops) {
  const rows = tx.objectStore('rows');
  const keys = new Set();
  for (const name of names) {
    for (const row of /** @type {Row[]} */ (await asked(rows.index('names').getAll(name)))) {
      const found =
        row.type === 'paper' ? await asked(rows.index('paper').getAllKeys(row.key)) : [row.entry ?? row.key];
      for (const key of found) keys.add(await survivor(tx, String(key)));
    }
  }
  for (const op of ops) {
    if (namesIn(op).some((name) => names.includes(name))) keys.add(await survivor(tx, op.set.entry_id ?? op.key));
  }
  return keys;
}

/** @param {Waiting} op @returns {string[]} the names of the page that an op was made on */
function namesIn(op) {
  if (op.type === 'entry') return op.hint?.names ?? [];
  return op.type === 'highlight' && op.set.manifestation ? namesOf(op.set.manifestation) : [];
}

/** @param {IDBTransaction} tx @param {string} key @param {Waiting[]} ops @returns {Promise<View | null>} */
async function viewOf(tx, key, ops) {
  const row = /** @type {Row | undefined} */ (await asked(tx.objectStore('rows').get(key)));
  const all = await aliases(tx, key);
  // The save that met an older entry: the survivor's row holds what the server made of it.
  const own = ops.filter((op) => all.includes(op.key) && !(op.key !== key && op.set.saved_from));
  return overlay(row, await Promise.all(own.map((op) => followed(tx, op))));
}

/** @param {IDBTransaction} tx @param {Waiting} op @returns {Promise<Waiting>} the op with merged tags as their survivors */
async function followed(tx, op) {
  /** @param {string[]} keys */
  const all = (keys) => Promise.all(keys.map((key) => survivor(tx, key)));
  const { add, del } = op;
  return {
    ...op,
    add: add.tags ? { ...add, tags: await all(add.tags) } : add,
    del: del.tags ? { ...del, tags: await all(del.tags) } : del,
  };
}

/** @param {IDBTransaction} tx @param {View} entry @param {Waiting[]} ops @returns {Promise<Shelved>} */
async function shelved(tx, entry, ops) {
  const paperId = entry.data.paper_id;
  const paper = paperId && /** @type {Row | undefined} */ (await asked(tx.objectStore('rows').get(paperId)));
  const tags = asOne(await labelsOf(tx, entry.data.tags, ops));
  const lists = await labelsOf(tx, entry.data.lists, ops);
  const highlights = await highlightsOf(tx, entry, ops);
  return { entry, ...citation(paper || undefined, entry.hint), tags, lists, highlights };
}

/** @param {IDBTransaction} tx @param {string[]} members @param {Waiting[]} ops @returns {Promise<Tag[]>} each once */
async function labelsOf(tx, members, ops) {
  /** @type {Tag[]} */
  const found = [];
  for (const key of new Set(members)) {
    const label = await labelOf(tx, await survivor(tx, key), ops);
    if (label && !found.some((one) => one.key === label.key)) found.push(label);
  }
  return found;
}

/** @param {IDBTransaction} tx @param {View} entry @param {Waiting[]} ops @returns {Promise<View[]>} */
async function highlightsOf(tx, entry, ops) {
  const index = tx.objectStore('rows').index('entry');
  const keys = new Set();
  for (const parent of await aliases(tx, entry.key)) {
    for (const key of await asked(index.getAllKeys(parent))) keys.add(String(key));
  }
  for (const op of ops) {
    const parent = op.type === 'highlight' && op.set.entry_id;
    if (parent && (await survivor(tx, parent)) === entry.key) keys.add(op.key);
  }
  const views = [];
  for (const key of keys) {
    const view = await viewOf(tx, key, ops);
    if (view && !view.deleted && view.data.selectors) views.push(view);
  }
  return views.sort((a, b) => (a.data.created_at < b.data.created_at ? -1 : 1));
}

/** @param {IDBTransaction} tx @param {string} key @param {Waiting[]} ops @returns {Promise<Tag | null>} */
async function labelOf(tx, key, ops) {
  const view = await viewOf(tx, key, ops);
  if (!view || view.deleted || !view.data.name) return null;
  return { key, also: [], name: view.data.name, color: view.data.color ?? null, count: 0, used: 0 };
}

/** @param {IDBTransaction} tx @param {string} type @param {Waiting[]} ops @returns {Promise<Set<string>>} */
async function keysOf(tx, type, ops) {
  const keys = new Set((await asked(tx.objectStore('rows').index('type').getAllKeys(type))).map(String));
  for (const op of ops) if (op.type === type && op.op === 'put') keys.add(await survivor(tx, op.key));
  return keys;
}

/** @param {IDBTransaction} tx @param {string} key @param {Waiting[]} ops @returns {Promise<number>} about how many papers carry it */
async function usesOf(tx, key, ops) {
  const kept = await asked(tx.objectStore('rows').index('tags').count(key));
  return kept + ops.filter((op) => op.state === 'waiting' && op.add.tags?.includes(key)).length;
}
