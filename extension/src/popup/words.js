/**
 * The popup's sentences. Pure, so that each can be read and tested by itself.
 */

import { identify } from '../identity.js';

/** @import { Queue } from "../outbox.js" */

/**
 * How a save went.
 * @param {boolean} fresh whether this visit saved it
 * @param {string | undefined} savedAt RFC 3339
 * @returns {string}
 */
export function savedText(fresh, savedAt) {
  if (fresh) return 'Saved';
  const at = new Date(savedAt ?? '');
  if (Number.isNaN(at.getTime())) return 'Already saved';
  return `Already saved on ${at.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric' })}`;
}

/**
 * What waits, and why.
 * @param {Queue} queue
 * @param {string | null} trouble why the last sync failed
 * @returns {string} empty where all is well
 */
export function queueText({ waiting, trouble: refused, many }, trouble) {
  const parts = [];
  if (waiting)
    parts.push(`${waiting} ${waiting === 1 ? 'change' : 'changes'} waiting${trouble ? `: ${trouble}` : '.'}`);
  else if (trouble) parts.push(trouble);
  if (many) parts.push('That is a lot: please connect soon.');
  if (refused.length) parts.push(`${refused.length} refused or held, see the sync log.`);
  return parts.join(' ');
}

/**
 * The authors as one line.
 * @param {string[]} authors
 * @returns {string}
 */
export function authorsText(authors) {
  if (authors.length <= 6) return authors.join(', ');
  return `${authors.slice(0, 5).join(', ')} and ${authors.length - 5} more`;
}

/** Whether an address is a list of papers rather than one. @param {string} url @returns {boolean} */
export function isList(url) {
  try {
    return identify(url).kind === 'list';
  } catch {
    return false;
  }
}
