/**
 * What a text means: the one function that turns a URL, a DOI or an id into the identity of a paper.
 *
 * The same rules as `api/domain/identifiers.py`, so that the badge and the popup know a saved paper at once and
 * offline, without asking anyone about the pages that are visited. Both run the cases in `tests/wire/identity.json`.
 */

import { checkedText, lower, parseAddress, unescaped, BadUrl } from './identity/address.js';
import { RULES } from './identity/rules.js';
import { claim, trimmed } from './identity/schemes.js';
import { unwrapped } from './identity/wrappers.js';

/** @typedef {import('./identity/address.js').Address} Address */
/** @typedef {import('./identity/rules.js').Rule} Rule */
/** @typedef {import('./identity/schemes.js').Identifier} Identifier */
/** @typedef {'abs' | 'pdf' | 'html' | 'landing'} ManifestationKind */
/**
 * @typedef {object} Identity
 * @property {'paper' | 'list' | 'webpage'} kind
 * @property {Identifier[]} identifiers without version, the most telling one first
 * @property {number | null} version the one that the text named
 * @property {string} canonical_url means the same identity when it is identified again
 * @property {ManifestationKind} manifestation
 */

const LONGEST_PATH = 1000;

/** @type {[string, RegExp][]} */
const BARE = [
  ['doi', /^((?:(?:urn:|info:)?doi[:/]? *|hdl:)?10\.\d{4,9}(?:[./]|%2f).+)$/is],
  [
    'arxiv',
    /^(?:oai:arxiv\.org:|(?:e-?print )?arxiv[:/ ] *)?(\d{4}\.\d{4,5}(?:v\d+)?|[a-z-]+(?:\.[a-z]{2})?\/\d{7}(?:v\d+)?)(?: *\[[^\]]*\](?: \d{1,2} [a-z]+ \d{4})?)?$/i,
  ],
  ['pmid', /^pmid:? *(\d+)$/i],
  ['pmcid', /^(?:pmc(?:id)?: *)?(PMC\d+(?:\.\d+)?)$/i],
  ['corpusid', /^corpusid: *(\d+)$/i],
];
const OPENERS = /^[<([{"'“‘«„ ]+/;
const LABEL = /^(?:doi|ur[il]|link): *(?=https?:\/\/)/i;
const ROUTE = /^(?:!?\/|abs\/)/;
const COPIED_ALONG = /<\/.*|&[a-z_]+=.*/is;
const NO_SCHEME = /^[a-z0-9-]+(?:\.[a-z0-9-]+)+\/.+$/is;
const TAIL = new RegExp(
  '(?:\\.full(?:-text|\\.pdf(?:\\+html)?)?|\\.abstract|\\.pdf|\\.html?|\\.xml|\\.epub|\\.long|\\.short|\\.figures-only' +
    '|\\.article-(?:info|metrics)|\\.supplementary-material|/(?:full(?:/html)?|fulltext|abstract|summary|(?:e|am)?pdf|html' +
    '|xml(?:/nlm)?|epub|meta|metrics|references|citations?|related|comments|download|(?:tables?|figures?)(?:/\\d+)?' +
    '|supplementary[a-z-]*|suppl_file/[^/]*))$',
  'i',
);
const PDF =
  /^(?:.*\.pdf|.*\/(?:e?pdf|pdfdirect|pdfplus|pdfft|attachment|document|file|reader)(?:\/.*)?|.*\/stamp(?:pdf)?\/.*|.*\/delivery\.cfm.*)$/is;
const HTML = /^(?:.*\/(?:full|html|fullhtml|fulltext)(?:\/.*)?|.*\.(?:full|full-text))$/is;
const ABS = /^(?:.*\/(?:abs|abstract|format)(?:\/.*)?|.*\.abstract|.*-abstract[^/]*\.html)$/is;

const COMPILED = RULES.map((rule) => ({ rule, site: whole(rule.site), path: whole(rule.path) }));

/**
 * The identity behind a URL (a viewer's and a proxy's too) or a bare DOI, arXiv id, PMID or PMCID.
 * Throws BadUrl (an Error with `code` `bad_url`) and nothing else.
 * @param {string} text at most 8,192 characters
 * @returns {Identity}
 */
export function identify(text) {
  const checked = plain(text);
  return bare(checked) ?? schemeless(checked) ?? at(parseAddress(unwrapped(checked)));
}

/**
 * The text out of brackets and quotes, and without a label such as `doi:` before an address.
 * @param {string} text
 */
function plain(text) {
  const checked = checkedText(text);
  const inside = checked.replace(OPENERS, '');
  return (inside === checked ? checked : trimmed(inside)).replace(LABEL, '');
}

/**
 * @param {string} text
 * @returns {Identity | null}
 */
function bare(text) {
  for (const [scheme, pattern] of BARE) {
    const match = pattern.exec(trimmed(text));
    const found = match && claim(scheme, match[1]);
    if (found) return paper(found, found.page, scheme === 'arxiv' ? 'abs' : 'landing');
  }
  return null;
}

/**
 * `arxiv.org/abs/…` as people write it: taken where it names a paper, and nowhere else.
 * @param {string} text
 * @returns {Identity | null}
 */
function schemeless(text) {
  if (!NO_SCHEME.test(text)) return null;
  const found = at(parseAddress(unwrapped(`https://${text}`)));
  if (found.kind !== 'paper') throw new BadUrl('not a web address: no scheme');
  return found;
}

/**
 * @param {Address} address
 * @returns {Identity}
 */
function at(address) {
  const path = [...address.path].length <= LONGEST_PATH ? rulePath(address) : '';
  for (const { rule, site, path: pattern } of COMPILED) {
    const groups = site.test(address.site) ? fits(rule, address, pattern.exec(path)) : null;
    if (!groups) continue;
    if (rule.scheme === 'list') return page('list', address, 'landing');
    const found = claimed(rule, groups);
    if (found) return paper(found, rule.page ? filled(rule.page, groups) : found.page, manifestation(address.site, path));
  }
  return page('webpage', address, lower(path).endsWith('.pdf') ? 'pdf' : 'html');
}

/**
 * The path that rules read; on a site of one page, the route in its fragment.
 * @param {Address} address
 */
function rulePath({ path: raw, fragment: route }) {
  const routed = ['', '/'].includes(raw) && ROUTE.test(route) && [...route].length <= LONGEST_PATH;
  const path = unescaped(routed ? `/${route.replace(/^[!/]+/, '')}` : raw)
    .replace(/\/{2,}/g, '/')
    .replace(COPIED_ALONG, '');
  return trimmed(path.replace(/ +$/, '')).replace(/\/+$/, '') || '/';
}

/**
 * @param {Rule} rule
 * @param {Address} address
 * @param {RegExpExecArray | null} match
 * @returns {string[] | null}
 */
function fits(rule, address, match) {
  if (!match) return null;
  if (!rule.parameter) return match.slice(1).map((group) => group ?? '');
  const value = trimmed(address.parameter(rule.parameter));
  return value ? [value] : null;
}

/**
 * @param {Rule} rule
 * @param {string[]} groups
 */
function claimed(rule, groups) {
  let raw = filled(rule.value, groups);
  if (rule.scheme !== 'doi_path') return claim(rule.scheme, raw);
  for (let shorter = raw.replace(TAIL, ''); shorter !== raw; shorter = raw.replace(TAIL, '')) raw = shorter;
  return claim('doi', raw);
}

/**
 * @param {import('./identity/schemes.js').Claim} found
 * @param {string} canonical
 * @param {ManifestationKind} kind
 * @returns {Identity}
 */
function paper(found, canonical, kind) {
  const { identifiers, version } = found;
  return { kind: 'paper', identifiers, version, canonical_url: canonical, manifestation: kind };
}

/**
 * @param {'list' | 'webpage'} kind
 * @param {Address} address
 * @param {ManifestationKind} form
 * @returns {Identity}
 */
function page(kind, address, form) {
  return { kind, identifiers: [['url', address.key]], version: null, canonical_url: address.page, manifestation: form };
}

/**
 * @param {string} template
 * @param {string[]} groups
 */
function filled(template, groups) {
  return template.replace(/\$([1-9])/g, (_, number) => groups[Number(number) - 1]);
}

/**
 * @param {string} site
 * @param {string} path
 * @returns {ManifestationKind}
 */
function manifestation(site, path) {
  if (site === 'doi.org' || site === 'dx.doi.org') return 'landing';
  if (PDF.test(path)) return 'pdf';
  if (HTML.test(path) || site.startsWith('ar5iv.')) return 'html';
  return ABS.test(path) ? 'abs' : 'landing';
}

/** @param {string} pattern */
function whole(pattern) {
  return new RegExp(`^(?:${pattern})$`, 'is');
}
