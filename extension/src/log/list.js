/**
 * Draws the lists of the sync log: a line of words, a smaller one below, and buttons. Text only, never markup.
 *
 * Redrawing keeps the keyboard where it was: on the same button of the same line, else on the list.
 */

import { word } from '../browser_ui.js';

const MOST = 200; // lines; the file of the queue has them all

/** @typedef {{label: string, press: () => Promise<void>}} Button */
/** @typedef {{id: string, text: string, note?: string, warns?: boolean, buttons?: Button[]}} Line */

/**
 * @param {HTMLElement} list
 * @param {Line[]} lines
 */
export function drawList(list, lines) {
  const focus = list.contains(document.activeElement) ? /** @type {HTMLElement} */ (document.activeElement) : null;
  const items = lines.slice(0, MOST).map(drawLine);
  if (lines.length > MOST) items.push(drawLine({ id: 'more', text: word('log_more', String(lines.length - MOST)) }));
  list.replaceChildren(...items);
  if (!focus) return;
  const same = list.querySelector(`[data-id="${CSS.escape(focus.dataset.id ?? '')}"]`);
  const next = same ?? list.querySelector('button') ?? list;
  /** @type {HTMLElement} */ (next).focus();
}

/** @param {Line} line */
function drawLine({ id, text, note, warns = false, buttons = [] }) {
  const item = document.createElement('li');
  const words = item.appendChild(document.createElement('div'));
  words.className = 'words';
  words.appendChild(document.createElement('p')).textContent = text;
  words.dir = 'auto';
  if (note) {
    const small = words.appendChild(document.createElement('p'));
    small.className = warns ? 'why' : 'muted small';
    small.textContent = note;
  }
  const row = document.createElement('div');
  row.className = 'row';
  row.append(...buttons.map((button) => drawButton(id, text, button)));
  if (buttons.length) item.append(row);
  return item;
}

/** @param {string} id @param {string} text @param {Button} button */
function drawButton(id, text, { label, press }) {
  const button = document.createElement('button');
  button.type = 'button';
  button.dataset.id = `${id} ${label}`;
  button.textContent = label;
  button.setAttribute('aria-label', word('log_button', label, text));
  button.addEventListener('click', () => {
    button.disabled = true;
    void press().finally(() => (button.disabled = false));
  });
  return button;
}
