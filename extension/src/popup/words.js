/**
 * The popup's sentences, put together from those of `_locales`, so that each can be read and tested by itself.
 */

import { language, word } from '../browser_ui.js';

/** @import { Queue } from "../outbox.js" */

/**
 * How a save went.
 * @param {boolean} fresh whether this visit saved it
 * @param {string | undefined} savedAt RFC 3339
 * @returns {string}
 */
export function savedText(fresh, savedAt) {
  if (fresh) return word('saved');
  const at = new Date(savedAt ?? '');
  if (Number.isNaN(at.getTime())) return word('saved_before');
  return word('saved_on', at.toLocaleDateString(language(), { day: 'numeric', month: 'short', year: 'numeric' }));
}

/**
 * What waits, and why.
 * @param {Queue} queue
 * @param {string | null} trouble why the last sync failed
 * @returns {string} empty where all is well
 */
export function queueText({ waiting, trouble: refused, many }, trouble) {
  const parts = [];
  const changes = word(waiting === 1 ? 'queue_change' : 'queue_changes', String(waiting));
  if (waiting) parts.push(trouble ? `${changes}: ${trouble}` : `${changes}.`);
  else if (trouble) parts.push(trouble);
  if (many) parts.push(word('queue_many'));
  if (refused.length) parts.push(word('queue_refused', String(refused.length)));
  return parts.join(' ');
}

/**
 * The authors as one line.
 * @param {string[]} authors
 * @returns {string}
 */
export function authorsText(authors) {
  if (authors.length <= 6) return authors.join(', ');
  return word('authors_more', authors.slice(0, 5).join(', '), String(authors.length - 5));
}
