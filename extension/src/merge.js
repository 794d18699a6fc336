/**
 * Lays the outbox over the mirror: what the user sees is the last pulled state plus what was not yet answered for.
 *
 * Pure. It does not merge edits of several devices: that is the server's work alone; here the own edit simply shows.
 */

/** @import { Fields, Hint, PaperLink, Row, View, Waiting } from "./wire.js" */

/** What an object has in fields that nobody wrote. @type {Record<string, Fields>} */
const UNWRITTEN = {
  entry: { status: 'to_read', starred: false, note: null, tags: [], lists: [] },
  highlight: { color: 'yellow', comment: null, tags: [] },
  tag: { color: null },
  list: { color: null },
};

/** Fields that hold members. */
export const SETS = ['tags', 'lists'];

/**
 * One object as the user sees it.
 * @param {Row | undefined} row the mirror's, a tombstone too
 * @param {Waiting[]} ops those of this object, in the order in which they were made
 * @returns {View | null} null where there is nothing to see, not even a deleted object
 */
export function overlay(row, ops) {
  const live = ops.filter(shows);
  if (!row && !live.some((op) => op.op === 'put')) return null;
  const type = /** @type {View["type"]} */ (row?.type ?? live[0].type);
  /** @type {View} */
  const view = {
    key: row?.key ?? live[0].key,
    type,
    data: structuredClone({ ...UNWRITTEN[type], ...row?.data }),
    deleted: Boolean(row?.deleted),
    waiting: live.some((op) => op.state === 'waiting'),
    hint: live.map((op) => op.hint).findLast(Boolean) ?? null,
  };
  for (const op of live) apply(view, op);
  return view;
}

/**
 * Whether an op is part of what the user sees: a refused or held one is not.
 * @param {Waiting} op
 * @returns {boolean}
 */
export function shows(op) {
  return op.state === 'waiting' || op.state === 'taken';
}

/** @param {View} view @param {Waiting} op */
function apply(view, op) {
  if (op.op !== 'put') {
    view.deleted = op.op === 'delete';
    return;
  }
  if (op.whole) {
    view.deleted = false;
    for (const field of SETS) if (view.data[field]) view.data[field] = [];
  }
  Object.assign(view.data, structuredClone(op.set));
  for (const [field, members] of Object.entries(op.add)) {
    view.data[field] = [...new Set([...(view.data[field] ?? []), ...members])];
  }
  for (const [field, members] of Object.entries(op.del)) {
    view.data[field] = (view.data[field] ?? []).filter((/** @type {string} */ m) => !members.includes(m));
  }
}

/**
 * How a paper is called, from the paper's row, else from what its page said when it was saved.
 * @param {Row | undefined} paper
 * @param {Hint | null} hint
 * @returns {{title: string, authors: string[], names: string[], links: PaperLink[], pdf: string | null}} `pdf`: where to read it
 */
export function citation(paper, hint) {
  const data = paper?.data;
  return {
    title: data?.title || hint?.title || '',
    authors: data?.authors?.length ? data.authors.map(personName) : (hint?.authors ?? []),
    names: paper?.names.length ? paper.names : (hint?.names ?? []),
    links: data?.links ?? [],
    pdf: pdfOf(data?.manifestations ?? []),
  };
}

/** @param {{kind: string, url: string}[]} manifestations @returns {string | null} */
function pdfOf(manifestations) {
  return manifestations.find(({ kind, url }) => kind === 'pdf' && /^https?:\/\//i.test(url))?.url ?? null;
}

/** @param {{family?: string, given?: string, particle?: string, suffix?: string, literal?: string}} person */
function personName(person) {
  if (person.literal) return person.literal;
  return [person.given, person.particle, person.family, person.suffix].filter(Boolean).join(' ');
}
