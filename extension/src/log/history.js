/**
 * Draws the history of contacts, the latest first.
 */

import { language, word } from '../browser_ui.js';
import { contactText } from './words.js';

/** @import { Contact } from "../wire.js" */

/** @param {number} at Unix milliseconds @returns {string} */
export function stamp(at) {
  return new Date(at).toLocaleString(language(), { dateStyle: 'medium', timeStyle: 'short' });
}

/**
 * @param {HTMLElement} table
 * @param {HTMLElement} body
 * @param {Contact[]} contacts
 */
export function drawHistory(table, body, contacts) {
  table.hidden = !contacts.length;
  body.replaceChildren(...contacts.map(drawContact));
}

/** @param {Contact} contact */
function drawContact(contact) {
  const row = document.createElement('tr');
  const { at, since, times, took, trouble } = contact;
  const when = times > 1 ? word('log_from_to', stamp(since), clock(at)) : stamp(at);
  for (const text of [when, contactText(contact), duration(took)]) {
    row.appendChild(document.createElement('td')).textContent = text;
  }
  if (trouble) row.children[1].className = 'why';
  return row;
}

/** @param {number} at @returns {string} */
function clock(at) {
  return new Date(at).toLocaleTimeString(language(), { timeStyle: 'short' });
}

/** @param {number} ms @returns {string} */
function duration(ms) {
  return ms < 1000 ? word('log_ms', String(ms)) : word('log_s', (ms / 1000).toLocaleString(language(), { maximumFractionDigits: 1 }));
}
