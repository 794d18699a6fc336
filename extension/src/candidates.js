/**
 * The papers that a page lists: its links sorted out, each paper once.
 *
 * Pure. Refuses links that name no paper, but for titles of a search's results that lead to another site.
 */

import { identify } from './identity.js';
import { folded } from './tag_names.js';

/** @typedef {import("./page.js").ListedLink} ListedLink */
/** A paper that may be picked. @typedef {{url: string, names: string[], title: string}} Candidate */

const MOST = 200;
const SEARCHES = /^scholar\.google\.|(^|\.)semanticscholar\.org$|(^|\.)base-search\.net$/;

/**
 * @param {string} address the page's own
 * @param {ListedLink[]} links in the order of the page
 * @returns {Candidate[]} in that order, at most 200
 */
export function candidatesOf(address, links) {
  const own = named(address);
  /** @type {Map<string, Candidate & {paper: boolean}>} */
  const found = new Map();
  for (const { url, title, heads } of links) {
    const seen = named(url);
    if (!seen || seen.names[0] === own?.names[0]) continue;
    const paper = seen.kind === 'paper';
    if (!paper && !(heads && seen.kind === 'webpage' && leadsAway(address, url))) continue;
    keep(found, { url, names: seen.names, title, paper });
  }
  return [...found.values()].slice(0, MOST).map(({ url, names, title }) => ({ url, names, title: title || url }));
}

/** One paper stands once, under its best title; of two links with one title the one that names a paper counts.
 * @param {Map<string, Candidate & {paper: boolean}>} found @param {Candidate & {paper: boolean}} one */
function keep(found, one) {
  const twin = found.get(one.names[0]) ?? [...found.values()].find((other) => alike(other, one));
  if (!twin) {
    found.set(one.names[0], one);
    return;
  }
  if (words(one.title) > words(twin.title)) twin.title = one.title;
  if (one.paper && !twin.paper) Object.assign(twin, { url: one.url, names: one.names, paper: true });
}

/** @param {Candidate & {paper: boolean}} a @param {Candidate & {paper: boolean}} b */
function alike(a, b) {
  return a.paper !== b.paper && words(a.title) >= 4 && folded(a.title) === folded(b.title);
}

/** @param {string} text @returns {number} */
function words(text) {
  return text.split(' ').length;
}

/** @param {string} from @param {string} to @returns {boolean} whether a search's result lies on another site */
function leadsAway(from, to) {
  const [here, there] = [new URL(from).hostname, new URL(to).hostname];
  return SEARCHES.test(here) && here !== there;
}

/** @param {string} url @returns {{kind: string, names: string[]} | null} */
function named(url) {
  try {
    const { kind, identifiers } = identify(url);
    return { kind, names: identifiers.map(([scheme, value]) => `${scheme}:${value}`) };
  } catch {
    return null;
  }
}
