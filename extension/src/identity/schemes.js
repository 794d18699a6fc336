/**
 * The grammar of each identifier scheme: one canonical spelling, its version apart, and the page that shows it.
 *
 * The same as on the server (`api/domain/schemes.py`, where the reasons stand); a test compares the tables.
 */

import { lower, unescaped } from './address.js';

/** @typedef {[scheme: string, value: string]} Identifier */
/** @typedef {{identifiers: Identifier[], version: number | null, page: string}} Claim */

/**
 * Scheme: grammar with the value as group 1 and perhaps the version as group 2, and the canonical page.
 * @type {Record<string, [grammar: string, page: string]>}
 */
export const SCHEMES = {
  pmid: [String.raw`0*([1-9]\d{0,8})`, 'https://pubmed.ncbi.nlm.nih.gov/$1/'],
  pmcid: [String.raw`(PMC[1-9]\d{0,8})(?:\.\d+)?`, 'https://pmc.ncbi.nlm.nih.gov/articles/$1/'],
  ppr: [String.raw`(PPR[1-9]\d{0,8})`, 'https://europepmc.org/article/PPR/$1'],
  acl: [String.raw`(\d{4}\.[a-z0-9_]+-[a-z0-9_]+\.\d+|[A-Z]\d{2}-\d{4,5})(?:v(\d{1,3}))?`, 'https://aclanthology.org/$1/'],
  openreview: ['([A-Za-z0-9_-]{5,24})', 'https://openreview.net/forum?id=$1'],
  nips: [String.raw`([0-9a-f]{32}|\d{1,5})`, ''],
  pmlr: [String.raw`([vr]\d+/[a-z0-9._-]+)`, 'https://proceedings.mlr.press/$1.html'],
  cvf: [String.raw`([A-Za-z0-9_.'-]+)`, ''],
  ieee: [String.raw`0*([1-9]\d{3,9})`, 'https://ieeexplore.ieee.org/document/$1/'],
  jmlr: [String.raw`(v\d+/[a-z0-9._-]+)`, 'https://www.jmlr.org/papers/$1.html'],
  dblp: ['([a-z]+/[A-Za-z0-9_-]+/[A-Za-z0-9_-]+)', 'https://dblp.org/rec/$1'],
  s2: ['([0-9a-f]{40})', 'https://www.semanticscholar.org/paper/$1'],
  corpusid: [String.raw`0*([1-9]\d{0,11})`, 'https://api.semanticscholar.org/CorpusID:$1'],
  hal: [String.raw`([a-z]+-\d{8})(?:v(\d{1,3}))?`, 'https://hal.science/$1'],
  inspire: [String.raw`0*([1-9]\d{0,9})`, 'https://inspirehep.net/literature/$1'],
  bibcode: [String.raw`(\d{4}[A-Za-z0-9&.]{14}[A-Za-z.])`, 'https://ui.adsabs.harvard.edu/abs/$1/abstract'],
  osf: [String.raw`([a-z0-9]{5})(?:_v(\d{1,3}))?`, 'https://osf.io/preprints/osf/$1'],
  ssrn: [String.raw`0*([1-9]\d{3,9})`, 'https://papers.ssrn.com/sol3/papers.cfm?abstract_id=$1'],
  zenodo: [String.raw`0*([1-9]\d{0,11})`, 'https://zenodo.org/records/$1'],
  pii: [String.raw`(S\d{15}[0-9X]|B\d{18}[0-9X])`, 'https://www.sciencedirect.com/science/article/pii/$1'],
};

const ARCHIVES =
  'acc-phys|adap-org|alg-geom|ao-sci|astro-ph|atom-ph|bayes-an|chao-dyn|chem-ph|cmp-lg|comp-gas|cond-mat|cs|dg-ga|' +
  'funct-an|gr-qc|hep-ex|hep-lat|hep-ph|hep-th|math|math-ph|mtrl-th|nlin|nucl-ex|nucl-th|patt-sol|physics|plasm-ph|' +
  'q-alg|q-bio|quant-ph|solv-int|supr-con';
const NEW_ARXIV = /^(?:arxiv:)?(\d\d)(\d\d)\.(\d{4,5})(?:v([1-9]\d{0,2}))?$/;
const OLD_ARXIV = new RegExp(
  `^(?:arxiv:)?(${ARCHIVES})(?:\\.[a-z][a-z])?/(\\d\\d)(0[1-9]|1[0-2])(\\d\\d\\d)(?:v([1-9]\\d{0,2}))?$`,
);
const DOI = /^10\.\d{4,9}(?:\.\d+)*\/[!-~]+$/;
const TEMPLATE = /n{5,}|x{5,}|^10\.1145\/1122445\.1122456$/;
const PART =
  /^(10\.1371\/journal\.[a-z]+\.\d{7}|10\.7717\/peerj[a-z-]*\.\d+|10\.7554\/elife\.\d{5,6})[./].*$/s;
const SERVER_VERSION = /^(10\.(?:1101|64898)\/(?:\d{4}\.\d\d\.\d\d\.)?\d{5,9})v(\d{1,3})$/;
/** @type {[string, RegExp][]} */
const BY_DOI = [
  ['acl', /^10\.(?:18653|3115)\/v1\/(.+)$/s],
  ['ssrn', /^10\.2139\/ssrn\.(.+)$/s],
  ['zenodo', /^10\.5281\/zenodo\.(.+)$/s],
  ['osf', /^10\.\d+\/osf\.io\/(.+)$/s],
];
const ACL_WITH_DOI = /^(?:\d{4}\.(?:acl|naacl|emnlp|eacl|aacl|findings|conll|semeval)-.*|[PNDEKS]1[6-9]-.*)$/s;
const ARXIV_BIBCODE = /^\d{4}arXiv(\d{4})(\d{5})[A-Z]$/;
const OLD_ARXIV_BIBCODE = /^\d\d(\d\d)([a-z]+(?:\.[a-z]+)?)\.+(\d{4,5})[A-Z]$/;
const DOI_LABEL = /^(?:https?:\/\/(?:dx\.|www\.)?doi\.org\/)?(?:(?:urn:|info:)?doi[:/]? *|hdl:)?(?=10\.)/;
const DOI_REST = /<\/.*|;jsessionid=.*|[?&][a-z_]+=.*/s;
/** @type {Record<string, string>} */
const CLOSERS = { ')': '(', ']': '[', '}': '{', '>': '<' };

/**
 * The claim of a value as some page spells it, or null where it breaks the scheme's grammar.
 * @param {string} scheme
 * @param {string} raw
 * @returns {Claim | null}
 */
export function claim(scheme, raw) {
  if (scheme === 'arxiv') return arxiv(raw);
  if (scheme === 'doi') return doi(raw);
  const match = new RegExp(`^(?:${SCHEMES[scheme][0]})$`).exec(folded(scheme, raw));
  if (!match) return null;
  const value = match[1];
  const corr = scheme === 'dblp' && /^journals\/corr\/abs-(\d{4})-(\d{4,5})$/.exec(value);
  if (corr) return arxiv(`${corr[1]}.${corr[2]}`);
  const code = scheme === 'bibcode' && ARXIV_BIBCODE.exec(value);
  if (code) return arxiv(`${code[1]}.${code[2]}`) ?? arxiv(`${code[1]}.${code[2].slice(1)}`);
  const old = scheme === 'bibcode' && OLD_ARXIV_BIBCODE.exec(value);
  if (old) return arxiv(`${old[2].replaceAll('.', '-')}/${old[1]}${old[3].padStart(5, '0')}`);
  const version = match[2] === undefined ? null : Number(match[2]);
  return {
    identifiers: [[scheme, value], ...namedBy(scheme, value)],
    version,
    page: SCHEMES[scheme][1].replaceAll('$1', () => value),
  };
}

/**
 * The text without the punctuation and unmatched closing brackets that a sentence leaves at its end.
 * @param {string} text
 * @returns {string}
 */
export function trimmed(text) {
  /** @type {Record<string, number>} */
  const left = {};
  for (const mark of text.match(/[()[\]{}<>]/g) ?? []) left[mark] = (left[mark] ?? 0) + 1;
  let end = text.length;
  for (; end > 0; end -= 1) {
    const last = text[end - 1];
    const opener = CLOSERS[last];
    if (!(opener && left[last] > (left[opener] ?? 0)) && !'.,;:!?\'"*”’»“„\\'.includes(last)) break;
    if (opener) left[last] -= 1;
  }
  return text.slice(0, end);
}

/**
 * @param {string} scheme
 * @param {string} raw
 */
function folded(scheme, raw) {
  if (scheme === 'pii') return raw.replace(/[()-]/g, '').toUpperCase();
  if (scheme === 'pmcid' || scheme === 'ppr') return raw.toUpperCase();
  if (scheme === 'acl') return raw.slice(0, 1).toUpperCase() + lower(raw.slice(1));
  return ['openreview', 'cvf', 'dblp', 'bibcode'].includes(scheme) ? raw : lower(raw);
}

/**
 * @param {string} scheme
 * @param {string} value
 * @returns {Identifier[]}
 */
function namedBy(scheme, value) {
  if (scheme === 'acl' && ACL_WITH_DOI.test(value)) return [['doi', `10.18653/v1/${lower(value)}`]];
  return scheme === 'ssrn' ? [['doi', `10.2139/ssrn.${value}`]] : [];
}

/**
 * @param {string} raw
 * @returns {Claim | null}
 */
function arxiv(raw) {
  const text = lower(raw);
  const recent = NEW_ARXIV.exec(text);
  const old = recent ? null : OLD_ARXIV.exec(text);
  const [value, version] = recent ? newArxiv(recent) : old ? oldArxiv(old) : [null];
  if (!value) return null;
  return {
    identifiers: [['arxiv', value]],
    version: version ? Number(version) : null,
    page: `https://arxiv.org/abs/${value}`,
  };
}

/**
 * @param {RegExpExecArray} match
 * @returns {[string | null, string?]}
 */
function newArxiv([, year, month, number, version]) {
  const stamp = year + month;
  const known = stamp >= '0704' && stamp < '9100' && month >= '01' && month <= '12';
  return known && number.length === (year < '15' ? 4 : 5) ? [`${stamp}.${number}`, version] : [null];
}

/**
 * @param {RegExpExecArray} match
 * @returns {[string | null, string?]}
 */
function oldArxiv([, archive, year, month, number, version]) {
  const stamp = year + month;
  return stamp <= '0703' || stamp >= '9100' ? [`${archive}/${stamp}${number}`, version] : [null];
}

/**
 * @param {string} raw
 * @returns {Claim | null}
 */
function doi(raw) {
  let text = doiText(raw);
  if (!DOI.test(text) || TEMPLATE.test(text)) return null;
  if (text.startsWith('10.48550/arxiv.')) return arxiv(text.slice('10.48550/arxiv.'.length));
  text = PART.exec(text)?.[1] ?? text;
  const server = SERVER_VERSION.exec(text);
  text = server ? server[1] : text;
  const version = server ? Number(server[2]) : null;
  const page = `https://doi.org/${text.replace(/[%?#"<>\\^`{|}]/g, hex)}`;
  for (const [scheme, pattern] of BY_DOI) {
    const match = pattern.exec(text);
    const other = match && claim(scheme, match[1]);
    if (!other) continue;
    const named = other.identifiers.some(([, value]) => value === text);
    return {
      identifiers: [other.identifiers[0], ['doi', text]],
      version: version || other.version,
      page: named ? other.page : page,
    };
  }
  return { identifiers: [['doi', text]], version, page };
}

/** @param {string} raw */
function doiText(raw) {
  const bare = raw.startsWith('<') ? raw.replace(/^[<> ]+/, '').replace(/[<> ]+$/, '') : raw;
  let text = lower(bare).replace(DOI_LABEL, '');
  if (/^10\.\d{4,9}(?:\.\d+)*%2f/.test(text)) text = lower(unescaped(text));
  text = text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
  text = text.replace(DOI_REST, '').replace(/\/{2,}/g, '/');
  for (let shorter = cut(text); shorter !== text; shorter = cut(text)) text = shorter;
  return text;
}

/** @param {string} text */
function cut(text) {
  return trimmed(text).replace(/\/+$/, '');
}

/** @param {string} mark */
function hex(mark) {
  return `%${mark.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
}
