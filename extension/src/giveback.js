/**
 * What brings a server back to a row that a device holds: one op, made of the row as it was last seen.
 *
 * The op says what the device knew and when it knew it, not what is wanted now: whatever was written later, here or on
 * another device, wins over it. Refuses to bring back what was merged into something else; the server merges again.
 */

import { asked } from './db.js';
import { citation, SETS } from './merge.js';

/** @import { Fields, Hint, Page, Row, Wish } from "./wire.js" */

const FIXED = ['saved_from', 'saved_at', 'created_at', 'entry_id', 'manifestation', 'selectors'];
const UNTIL_SAID = ['last_read', 'citekey']; // once there is one, nothing takes it away
const WRITTEN = {
  entry: ['saved_from', 'saved_at', 'status', 'starred', 'rating', 'position', 'citekey', 'note', 'last_read'],
  highlight: ['entry_id', 'manifestation', 'selectors', 'created_at', 'color', 'anchor', 'comment'],
  tag: ['created_at', 'name', 'color'],
  list: ['created_at', 'name', 'color', 'position', 'public', 'description'],
};

/** How identifiers are called in a page's metas. @type {[string, string][]} */
const METAS = [
  ['doi', 'citation_doi'],
  ['arxiv', 'citation_arxiv_id'],
  ['pmid', 'citation_pmid'],
];

/**
 * The op that says how this row was. It says also what the server says already, or an older device's word would win
 * there.
 * @param {Row} was the row as the device last saw it, merged ids followed; never a paper's
 * @param {Row | undefined} there what the server holds under this key now
 * @param {{hint: Hint | null, page?: Page | null}} said of an entry's paper, see `paperOf`
 * @returns {Wish | null} null for what was merged
 */
export function giveBack(was, there, { hint, page }) {
  const type = /** @type {Wish["type"]} */ (was.type);
  const { key } = was;
  if (was.merged_into || there?.merged_into) return null;
  if (was.deleted) return { type, key, op: 'delete' };
  const data = was.data ?? {};
  const set = fieldsOf(type, data, Boolean(there && !there.deleted));
  const url = set.saved_from?.url;
  if (url) set.saved_from = page ? { url, page } : { url };
  const add = Object.fromEntries(SETS.filter((name) => data[name]?.length).map((name) => [name, data[name]]));
  return { type, key, op: 'put', set, add, ...(hint && { hint }) };
}

/**
 * What is known of the paper of an entry: to show it, and for the server to know it again. When the entry was saved its
 * page had said more than its address does.
 * @param {IDBTransaction} tx
 * @param {Row} row
 * @returns {Promise<{hint: Hint | null, page: Page | null}>} nulls where there is no paper to tell of
 */
export async function paperOf(tx, row) {
  const id = row.type === 'entry' && row.data?.paper_id;
  const paper = id && /** @type {Row | undefined} */ (await asked(tx.objectStore('rows').get(id)));
  if (!paper?.data) return { hint: null, page: null };
  const { names, title, authors } = citation(paper, null);
  /** @type {[string, string][]} */
  const metas = METAS.flatMap(([scheme, name]) => {
    const value = paper.data?.identifiers?.[scheme]?.[0];
    return value ? [/** @type {[string, string]} */ ([name, value])] : [];
  });
  const hint = { names: [...new Set([...row.names, ...names])], title, authors };
  if (!metas.length) return { hint, page: null };
  if (title) metas.push(['citation_title', title]);
  for (const author of authors) metas.push(['citation_author', author]);
  const silent = { canonical: null, lang: null, content_type: null, jsonld: [], links: [], text: '' };
  return { hint, page: { title, metas, ...silent } };
}

/** What an object is born with is said where the server shows none. @param {Wish["type"]} type @param {Fields} data @param {boolean} isThere @returns {Fields} */
function fieldsOf(type, data, isThere) {
  const said = WRITTEN[type].filter((name) => {
    if (FIXED.includes(name)) return !isThere && (data[name] ?? null) !== null;
    return name in data && (data[name] !== null || !UNTIL_SAID.includes(name));
  });
  return Object.fromEntries(said.map((name) => [name, data[name] ?? null]));
}
