/**
 * What a page's own words tell before any server was asked: the names of its paper, its title and authors, and whether
 * it is about one paper at all.
 *
 * Pure. Only as much as a window must know to show a save; what a page really means is found out on the server.
 */

import { identify } from './identity.js';
import { namesOf } from './names.js';

/** @import { Hint, Page } from "./wire.js" */

const TELLING_METAS = new Map([
  ['citation_doi', 'doi:'],
  ['citation_arxiv_id', 'arXiv:'],
  ['citation_pmid', 'PMID:'],
  ['dc.identifier', ''],
  ['prism.doi', 'doi:'],
]);
const SCHOLARLY = /^citation_(?!title$|author)/i; // what search engines of papers ask for beside title and authors
const WORKS = /^(ScholarlyArticle|MedicalScholarlyArticle|Thesis|Report|TechArticle)$/;

/**
 * @param {string} url
 * @param {Page | null} page null where the browser lets nobody in
 * @param {string} title of the tab
 * @returns {Hint} what to show until the server knows the paper
 */
export function hintOf(url, page, title) {
  const metas = page?.metas ?? [];
  const said = metas.flatMap(([name, content]) => {
    const prefix = TELLING_METAS.get(name.toLowerCase());
    return prefix === undefined ? [] : namesOf(prefix + content.replace(/^(doi|arxiv|pmid):\s*/i, ''));
  });
  // Only what names a paper counts from the page: a canonical address may be a whole site's.
  const papers = [...said, ...(page?.canonical ? namesOf(page.canonical) : [])].filter(isPaperName);
  return {
    names: [...new Set([...namesOf(url), ...papers])],
    title: (one(metas, ['citation_title', 'dc.title', 'og:title']) || page?.title || title || url).slice(0, 1000),
    authors: metas
      .filter(([name]) => name.toLowerCase() === 'citation_author')
      .map(([, who]) => naturally(who))
      .slice(0, 50),
  };
}

/**
 * What an address is of, as far as it tells.
 * @param {string} url
 * @returns {"paper" | "list" | "webpage"} a PDF counts as a paper
 */
export function kindOf(url) {
  try {
    const { kind, manifestation } = identify(url);
    return kind === 'webpage' && manifestation === 'pdf' ? 'paper' : kind;
  } catch {
    return 'webpage';
  }
}

/**
 * Whether a page whose address tells nothing says of itself that it is a paper.
 * @param {Page | null} page
 * @param {Hint} hint
 * @returns {boolean}
 */
export function saysPaper(page, hint) {
  if (!page) return false;
  const works = page.jsonld.flatMap((block) => [/** @type {any} */ (block)['@type']].flat());
  return (
    page.content_type === 'application/pdf' ||
    Boolean(one(page.metas, ['citation_title']) && page.metas.some(([name]) => SCHOLARLY.test(name))) ||
    hint.names.some(isPaperName) ||
    works.some((type) => WORKS.test(String(type)))
  );
}

/** @param {string} name `scheme:value` @returns {boolean} */
function isPaperName(name) {
  return !name.startsWith('url:');
}

/** @param {[string, string][]} metas @param {string[]} names @returns {string | undefined} */
function one(metas, names) {
  return names.map((name) => metas.find(([own]) => own.toLowerCase() === name)?.[1].trim()).find(Boolean);
}

/** @param {string} name "Curie, Marie" or "Marie Curie" @returns {string} */
function naturally(name) {
  const [family, given, ...rest] = name.split(',').map((part) => part.trim());
  return given && !rest.length ? `${given} ${family}` : name.trim();
}
