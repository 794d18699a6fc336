/**
 * The changes of the outbox in words: what each does, to which paper, and why a server did not take it.
 *
 * Reads names from the mirror and from the outbox itself, for much of what waits no server has heard of.
 */

import { word } from '../browser_ui.js';
import { asked, transact } from '../db.js';
import { survivor } from '../rows.js';

/** @import { Contact, Fields, Members, ObjectType, Row, Verb, Waiting } from "../wire.js" */

/** @typedef {{type: ObjectType, key: string, op: Verb, set?: Fields, add?: Members, del?: Members}} Told */

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
  return word(`reason_${code}`) || word('reason_other', String(code));
}

/**
 * What the buttons that settle all say.
 * @param {number} count of what is held
 * @returns {[string, string]} to delete, and to keep
 */
export function labelsForAll(count) {
  if (count === 1) return [word('delete_it'), word('keep_it')];
  return [word('delete_all', String(count)), word('keep_all', String(count))];
}

/**
 * What a round of sync did.
 * @param {Contact} contact
 * @returns {string}
 */
export function contactText({ pushed, pulled, trouble, times }) {
  const sent = pushed && word('log_sent', String(pushed));
  const received = pulled && word('log_received', String(pulled));
  const moved = [sent, received].filter(Boolean).join(', ');
  const what = [trouble, moved].filter(Boolean).join(' ') || word('log_nothing');
  return times > 1 ? word('log_times', what, String(times)) : what;
}

/** @typedef {(type: ObjectType, key: string) => Promise<string>} Naming */

/** @param {Told} change @param {Naming} name @returns {Promise<string>} */
async function sentenceOf({ type, key, op, set = {}, add = {}, del = {} }, name) {
  const it = await name(type, key);
  if (op === 'delete') return word('did_delete', it);
  if (op === 'restore') return word('did_restore', it);
  if (type === 'highlight' && set.entry_id) {
    const paper = await name('entry', set.entry_id);
    return word('did_highlight', it, paper);
  }
  if ((type === 'tag' || type === 'list') && set.created_at) return word(`did_new_${type}`, it);
  const said = set.saved_from ? [word('did_save', it)] : fieldsText(type, it, set);
  for (const [field, one] of /** @type {const} */ ([['tags', 'tag'], ['lists', 'list']])) {
    for (const key of add[field] ?? []) said.push(word(`did_put_${one}`, await name(one, key), it));
    for (const key of del[field] ?? []) said.push(word(`did_drop_${one}`, await name(one, key), it));
  }
  return said.join('; ') || word('did_change', it);
}

/** @param {ObjectType} type @param {string} it @param {Fields} set @returns {string[]} */
function fieldsText(type, it, set) {
  const { status, ...others } = set;
  const said = status === undefined ? [] : [word('did_mark', it, word(`marked_${status}`) || status)];
  if ((type === 'tag' || type === 'list') && others.name !== undefined) {
    said.push(word(`did_name_${type}`, short(others.name)));
    delete others.name;
  }
  const names = Object.keys(others).map((name) => word(`field_${name}`) || name);
  return names.length ? [...said, word('did_fields', names.join(', '), it)] : said;
}

/** @param {IDBTransaction} tx @param {Waiting[]} ops @param {ObjectType} type @param {string} key @returns {Promise<string>} */
async function nameOf(tx, ops, type, key) {
  const at = await survivor(tx, key);
  const row = /** @type {Row | undefined} */ (await asked(tx.objectStore('rows').get(at)));
  const own = ops.filter((op) => op.key === key || op.key === at);
  const data = Object.assign({}, row?.data, ...own.map((op) => op.set));
  const name = type === 'entry' ? await titleOf(tx, row, own, data) : (data.name ?? quoteOf(data));
  return name ? word('quoted', short(name)) : word(`a_${type}`);
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
