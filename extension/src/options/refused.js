/**
 * The changes that the server would not take, each with the reason and a way out.
 *
 * Nothing is thrown away by itself: only the user's click removes a change.
 */

import { database } from '../db.js';
import { dismiss } from '../outbox.js';

/** @import { Waiting } from "../wire.js" */

/** @type {Record<string, string>} */
const REASONS = {
  bad_url: 'The address is not one that a server can read.',
  gone: 'It was deleted on another device.',
  group: 'It belonged to a change that was refused.',
  held: 'Many deletions at once: confirm them in the library.',
  immutable: 'It tried to change what never changes.',
  invalid_text: 'It holds characters that no library keeps.',
  invalid_value: 'It holds a value that the server does not take.',
  too_large: 'It is too large.',
  unknown_field: 'The server does not know this kind of change.',
  unknown_paper: 'The server does not know this paper.',
};

/** @type {Record<string, string>} */
const VERBS = { put: 'Change of', delete: 'Deletion of', restore: 'Restoration of' };

/**
 * @param {HTMLElement} list
 * @param {Waiting[]} ops
 * @param {() => void} changed called after one was thrown away
 */
export function drawRefused(list, ops, changed) {
  list.replaceChildren(...ops.map((op) => drawOne(op, changed)));
}

/** @param {Waiting} op @param {() => void} changed */
function drawOne(op, changed) {
  const item = document.createElement('li');
  const text = item.appendChild(document.createElement('div'));
  text.append(title(op));
  const why = text.appendChild(document.createElement('div'));
  why.className = 'why';
  why.textContent = reason(op.code);
  const button = item.appendChild(document.createElement('button'));
  button.type = 'button';
  button.textContent = 'Throw away';
  button.addEventListener('click', async () => {
    await dismiss(await database(), Number(op.order));
    changed();
  });
  return item;
}

/** @param {Waiting} op @returns {string} */
function title(op) {
  const name = op.hint?.title ?? op.set.name;
  if (op.hint) return `Save of “${name}”`;
  return `${VERBS[op.op]} ${name ? `${op.type} “${name}”` : `a ${op.type}`.replace('a entry', 'an entry')}`;
}

/**
 * Why an op was refused, for people.
 * @param {string | null} code the server's
 * @returns {string}
 */
export function reason(code) {
  return REASONS[code ?? ''] ?? `The server said: ${code}`;
}
