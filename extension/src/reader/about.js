/**
 * What a PDF says of itself, in the words in which a web page says it (`page/collect.js`), for the save.
 *
 * Which paper it is, is found out on the server from the same facts. Here only what is beyond doubt counts: arXiv's own
 * stamp, a DOI in the PDF's metadata, or the only DOI of the first page. A cited paper's DOI is no name of this one.
 */

/** @import { Page } from "../wire.js" */

const MOST_TEXT = 20_000;
const STAMP = /arXiv:((?:\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?\/\d{7})(?:v\d+)?)\s*\[[\w.-]+\]\s+\d{1,2}\s\w{3}\s\d{4}/;
// What ends a line may go on in the next one.
const DOI = /\b10\.\d{4,9}\/[^\s"<>]*[^\s"<>.,;:)\]}](?=[.,;:)\]}]*[ \t])/g;
const WHOLE_DOI = /^(?:doi:|https?:\/\/(?:dx\.)?doi\.org\/)?(10\.\d{4,9}\/\S+)$/i;
const NO_TITLE = /^(?:untitled|title|document\d*|slide \d+|microsoft (?:word|powerpoint).*|.*\.(?:docx?|tex|pdf|dvi|indd|qxd|ps))$/i;

/** The metadata of a PDF, as PDF.js gives it. @typedef {{info: Record<string, any>, metadata: {get: (name: string) => any} | null}} Said */

/**
 * The PDF as a page.
 * @param {Said} said
 * @param {string} text the PDF's
 * @param {string} first its first page's
 * @param {string} named the address of the paper as a person gave it, or empty
 * @returns {Page}
 */
export function pageOf({ info, metadata }, text, first, named) {
  const stamp = STAMP.exec(first)?.[1];
  const doi = doiOf(info, metadata) ?? onlyDoi(first);
  const address = stamp ? `https://arxiv.org/abs/${stamp}` : doi ? `https://doi.org/${doi}` : null;
  /** @type {[string, string][]} */
  const metas = [];
  if (stamp) metas.push(['citation_arxiv_id', stamp]);
  else if (doi) metas.push(['citation_doi', doi]);
  return {
    title: titleOf(info, metadata),
    canonical: named || address,
    lang: typeof info.Language === 'string' ? info.Language.slice(0, 35) : null,
    content_type: 'application/pdf',
    metas,
    jsonld: [],
    links: [],
    text: text.slice(0, MOST_TEXT).toWellFormed().replaceAll('\0', ''),
  };
}

/**
 * The title, where the PDF has one that a person would call it by.
 * @param {Said["info"]} info @param {Said["metadata"]} metadata
 * @returns {string} empty where it has none
 */
export function titleOf(info, metadata) {
  const titles = [metadata?.get('dc:title'), info.Title].map((one) => plain(one));
  return titles.find((one) => one.length > 4 && !NO_TITLE.test(one)) ?? '';
}

/** @param {Said["info"]} info @param {Said["metadata"]} metadata @returns {string | null} */
function doiOf(info, metadata) {
  const custom = info.Custom && typeof info.Custom === 'object' ? info.Custom : {};
  const told = [metadata?.get('prism:doi'), metadata?.get('pdfx:doi'), metadata?.get('dc:identifier'), custom.doi, custom.DOI];
  for (const one of told) {
    const doi = WHOLE_DOI.exec(plain(one))?.[1];
    if (doi) return doi;
  }
  return null;
}

/** @param {string} first @returns {string | null} */
function onlyDoi(first) {
  const found = new Set(first.match(DOI)?.map((one) => one.toLowerCase()));
  return found.size === 1 ? [...found][0] : null;
}

/** @param {unknown} value @returns {string} */
function plain(value) {
  const text = Array.isArray(value) ? value[0] : value;
  return typeof text === 'string' ? text.replaceAll('\0', '').replace(/\s+/g, ' ').trim().slice(0, 2000).toWellFormed() : '';
}
