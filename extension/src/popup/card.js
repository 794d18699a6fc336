/**
 * Draws the card of a saved paper into the popup: text only, never markup.
 */

import { word } from '../browser_ui.js';
import { shownName } from '../names.js';
import { cssOf } from '../paint_style.js';
import { authorsText } from './words.js';

/** @import { Shelved } from "../views.js" */
/** @import { View } from "../wire.js" */

/**
 * An element of the popup that must be there.
 * @template {HTMLElement} [T=HTMLElement]
 * @param {string} id
 * @returns {T}
 */
export function el(id) {
  return /** @type {T} */ (document.getElementById(id));
}

/**
 * Say how things are.
 * @param {string} text @param {"busy" | "good" | "bad"} mood
 */
export function say(text, mood) {
  const state = el('state');
  // Screen readers speak a change; saying the same again would be noise.
  if (state.textContent !== text) state.textContent = text;
  state.dataset.mood = mood;
}

/**
 * Show a paper.
 * @param {Shelved} shelved
 * @param {{missing: string[], remove: (key: string) => void}} marks
 */
export function drawCard(shelved, marks) {
  el('card').hidden = false;
  el('title').textContent = shelved.title;
  el('authors').textContent = authorsText(shelved.authors);
  el('name').textContent = shownName(shelved.names);
  const status = document.querySelector(`#status input[value="${CSS.escape(shelved.entry.data.status)}"]`);
  if (status instanceof HTMLInputElement) status.checked = true;
  el('highlights').hidden = shelved.highlights.length === 0;
  el('highlight-list').replaceChildren(...shelved.highlights.map((one) => drawHighlight(one, marks)));
}

/** @param {View} view @param {{missing: string[], remove: (key: string) => void}} marks */
function drawHighlight({ key, data }, { missing, remove }) {
  const item = document.createElement('li');
  item.style.setProperty('--mark', cssOf(data.color));
  const quote = item.appendChild(document.createElement('q'));
  quote.dir = 'auto';
  quote.textContent = data.selectors.find((/** @type {{exact?: string}} */ one) => one.exact)?.exact ?? word('highlight_word');
  if (missing.includes(key)) {
    item.className = 'missing';
    item.title = word('highlight_missing');
  }
  const button = item.appendChild(document.createElement('button'));
  button.type = 'button';
  button.className = 'quiet';
  button.textContent = '×';
  button.setAttribute('aria-label', word('remove'));
  button.addEventListener('click', () => remove(key));
  return item;
}
