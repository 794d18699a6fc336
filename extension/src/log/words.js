/**
 * The changes of the outbox in words: what each does, to which paper, and why a server did not take it.
 *
 * Reads names from the mirror and from the outbox itself, for much of what waits no server has heard of.
 */

import { asked, transact } from '../db.js';
import { survivor } from '../rows.js';

/** @import { Contact, Fields, Members, ObjectType, Row, Verb, Waiting } from "../wire.js" */

/** @typedef {{type: ObjectType, key: string, op: Verb, set?: Fields, add?: Members, del?: Members}} Told */

/** @type {Record<string, string>} */
const REASONS = {
  bad_url: 'The address is not one that a server can read.',
  citekey_taken: 'Another paper has this citation key.',
  gone: 'It was deleted on another device.',
  group: 'It belonged to a change that was refused.',
  held: 'Many deletions at once: say below whether they were meant.',
  immutable: 'It tried to change what never changes.',
  invalid_text: 'It holds characters that no library keeps.',
  invalid_value: 'It holds a value that the server does not take.',
  too_large: 'It is too large.',
  type_mismatch: 'The server knows something else under this id.',
  unknown_field: 'The server does not know this kind of change.',
  unknown_paper: 'The server does not know this paper.',
};

/** @type {Record<string, string>} */
const STATUSES = { to_read: 'to read', reading: 'being read', read: 'read', archived: 'archived' };

/** How fields are called, where their name is not a word. @type {Record<string, string>} */
const FIELDS = { anchor: 'place', citekey: 'citation key', last_read: 'time of reading', starred: 'star' };

/** @type {Record<ObjectType, string>} */
const KINDS = { entry: 'a paper', highlight: 'a highlight', tag: 'a tag', list: 'a list' };

const MOST_QUOTED = 80; // characters of a title or highlight

/**
 * What each change is.
 * @param {IDBDatabase} db
 * @param {Told[]} changes
 * @returns {Promise<string[]>}
 */
export async function inWords(db, changes) {
  return transact(db, 'readonly', ['rows', 'outbox'], async (tx) => {
    const ops = /** @type {Waiting[]} */ (await asked(tx.objectStore('outbox').getAll()));
    const words = [];
    for (const change of changes) words.push(await sentenceOf(change, (type, key) => nameOf(tx, ops, type, key)));
    return words;
  });
}

/**
 * Why an op was refused, for people.
 * @param {string | null} code the server's
 * @returns {string}
 */
export function reason(code) {
  return REASONS[code ?? ''] ?? `The server said: ${code}`;
}

/**
 * What the buttons that settle all say.
 * @param {number} count of what is held
 * @returns {[string, string]} to delete, and to keep
 */
export function labelsForAll(count) {
  return count === 1 ? ['Delete it', 'Keep it'] : [`Delete all ${count}`, `Keep all ${count}`];
}

/**
 * What a round of sync did.
 * @param {Contact} contact
 * @returns {string}
 */
export function contactText({ pushed, pulled, trouble, times }) {
  const moved = [pushed && `${pushed} sent`, pulled && `${pulled} received`].filter(Boolean).join(', ');
  const what = [trouble, moved].filter(Boolean).join(' ') || 'Nothing new.';
  return times > 1 ? `${what} (${times} times)` : what;
}

/** @typedef {(type: ObjectType, key: string) => Promise<string>} Naming */

/** @param {Told} change @param {Naming} name @returns {Promise<string>} */
async function sentenceOf({ type, key, op, set = {}, add = {}, del = {} }, name) {
  const it = await name(type, key);
  if (op !== 'put') return `${op === 'delete' ? 'Delete' : 'Restore'} ${it}`;
  if (type === 'highlight' && set.entry_id) return `Highlight ${it} in ${await name('entry', set.entry_id)}`;
  if ((type === 'tag' || type === 'list') && set.created_at) return `New ${type} ${it}`;
  const said = set.saved_from ? [`Save ${it}`] : fieldsText(type, it, set);
  for (const [field, verb, little] of /** @type {const} */ ([
    ['tags', 'Tag', 'on'],
    ['lists', 'List', 'for'],
  ])) {
    for (const one of add[field] ?? []) said.push(`${verb} ${await name(kindOf(field), one)} ${little} ${it}`);
    for (const one of del[field] ?? []) {
      said.push(`Take ${it} off ${kindOf(field)} ${await name(kindOf(field), one)}`);
    }
  }
  return said.join('; ') || `Change ${it}`;
}

/** @param {"tags" | "lists"} field @returns {ObjectType} */
function kindOf(field) {
  return field === 'tags' ? 'tag' : 'list';
}

/** @param {ObjectType} type @param {string} it @param {Fields} set @returns {string[]} */
function fieldsText(type, it, set) {
  const { status, ...others } = set;
  const said = status === undefined ? [] : [`Mark ${it} as ${STATUSES[status] ?? status}`];
  if (type !== 'entry' && others.name !== undefined) {
    said.push(`Name a ${type} “${short(others.name)}”`);
    delete others.name;
  }
  const names = Object.keys(others).map((name) => FIELDS[name] ?? name);
  return names.length ? [...said, `Change the ${names.join(', ')} of ${it}`] : said;
}

/** @param {IDBTransaction} tx @param {Waiting[]} ops @param {ObjectType} type @param {string} key @returns {Promise<string>} */
async function nameOf(tx, ops, type, key) {
  const at = await survivor(tx, key);
  const row = /** @type {Row | undefined} */ (await asked(tx.objectStore('rows').get(at)));
  const own = ops.filter((op) => op.key === key || op.key === at);
  const data = Object.assign({}, row?.data, ...own.map((op) => op.set));
  const name = type === 'entry' ? await titleOf(tx, row, own, data) : (data.name ?? quoteOf(data));
  return name ? `“${short(name)}”` : KINDS[type];
}

/** @param {IDBTransaction} tx @param {Row | undefined} row @param {Waiting[]} ops @param {Fields} data */
async function titleOf(tx, row, ops, data) {
  const paper = row?.data?.paper_id && (await asked(tx.objectStore('rows').get(row.data.paper_id)));
  return paper?.data?.title || ops.find((op) => op.hint?.title)?.hint?.title || data.saved_from?.url;
}

/** @param {Fields} data @returns {string | undefined} */
function quoteOf({ selectors = [] }) {
  return selectors.find((/** @type {{exact?: string}} */ one) => one.exact)?.exact;
}

/** @param {string} text @returns {string} */
function short(text) {
  const flat = text.replace(/\s+/g, ' ').trim();
  return flat.length > MOST_QUOTED ? `${flat.slice(0, MOST_QUOTED - 1).trimEnd()}…` : flat;
}
