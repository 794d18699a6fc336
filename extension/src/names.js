/**
 * The names under which a page is looked up: `scheme:value`, by the identity rules that the server has too.
 *
 * Pure and local: looking a page up asks nobody.
 */

import { identify } from './identity.js';
import { fingerprintIn } from './reader/address.js';

/**
 * Every name of a web address, an identifier or a PDF of this computer.
 * @param {string} text
 * @returns {string[]} empty where it is neither
 */
export function namesOf(text) {
  const fingerprint = fingerprintIn(text);
  if (fingerprint) return [`pdf:${fingerprint}`];
  try {
    return identify(text).identifiers.map(([scheme, value]) => `${scheme}:${value}`);
  } catch (error) {
    if (/** @type {{code?: string}} */ (error).code === 'bad_url') return [];
    throw error;
  }
}

/**
 * The name to show a person, with the words that scientists use for it.
 * @param {string[]} names
 * @returns {string} empty where there is none worth showing
 */
export function shownName(names) {
  for (const [scheme, word] of SHOWN) {
    const name = names.find((one) => one.startsWith(`${scheme}:`));
    if (name) return word + name.slice(scheme.length + 1);
  }
  const other = names.find((one) => !one.startsWith('url:'));
  return other ?? (names[0]?.slice('url:'.length) || '');
}

/** @type {[string, string][]} */
const SHOWN = [
  ['arxiv', 'arXiv:'],
  ['doi', 'doi:'],
  ['pmcid', ''],
  ['pmid', 'PMID '],
];
