/**
 * Copies the paper as a reference, set by the server in the style that was chosen last, as text and as HTML.
 *
 * Asks the server at the click and never before. Refuses to guess a reference where the server cannot be asked.
 */

import { referenceOf } from '../api.js';
import { store, stored } from '../browser.js';
import { NetworkFailed, NotSignedIn, Refused, ScholiumError } from '../errors.js';
import { bearer, currentSession } from '../session.js';
import { STYLES } from './styles.js';

const BIBTEX = 'bibtex';

/** Offer the styles, the one that was used last chosen. @param {HTMLSelectElement} select */
export async function drawStyles(select) {
  const last = (await stored('local', 'style')) ?? 'apa';
  const options = [...STYLES, [BIBTEX, 'BibTeX']].map(([id, name]) => new Option(name, id, false, id === last));
  select.replaceChildren(...options);
}

/**
 * Put the reference into the clipboard.
 * @param {string} entryKey
 * @param {string} style
 * @returns {Promise<string>} what was copied; raises a ScholiumError with the reason why not
 */
export async function copyReference(entryKey, style) {
  await store('local', 'style', style);
  const { text, html, bibtex } = await referenceFrom(entryKey, style === BIBTEX ? 'apa' : style);
  if (style === BIBTEX) await navigator.clipboard.writeText(bibtex);
  else await navigator.clipboard.write([new ClipboardItem({ 'text/plain': blob(text, 'text/plain'), 'text/html': blob(html, 'text/html') })]);
  return style === BIBTEX ? bibtex : text;
}

/** @param {string} entryKey @param {string} style */
async function referenceFrom(entryKey, style) {
  const session = await currentSession();
  if (!session?.refresh_token) throw new NotSignedIn('cite_unconnected');
  try {
    return await referenceOf(session.server, bearer, entryKey, style);
  } catch (error) {
    if (error instanceof NetworkFailed) throw new NetworkFailed('cite_offline');
    if (error instanceof Refused && error.status === 404) throw new ScholiumError('cite_unsent', error.code);
    throw error;
  }
}

/** @param {string} text @param {string} type */
function blob(text, type) {
  return new Blob([text], { type });
}
