/**
 * Draws the panel's parts: text only, never markup, whatever a page or a library says.
 */

import { redraw, word } from '../browser_ui.js';
import { cssOf } from '../paint_style.js';

/** @import { Swatch } from "../palette.js" */
/** @import { View } from "../wire.js" */
/** @import { Tag } from "../views.js" */

/** What may be done with a highlight. @typedef {{go: (key: string) => void, edit: (key: string) => void, attach: (key: string) => void}} Deeds */
/** A highlight and what is known of it. @typedef {{view: View, state: string, tags: Tag[], meaning: string}} Mark */

/**
 * An element of the panel that must be there.
 * @template {HTMLElement} [T=HTMLElement]
 * @param {string} id
 * @returns {T}
 */
export function el(id) {
  return /** @type {T} */ (document.getElementById(id));
}

/**
 * One highlight.
 * @param {Mark} mark
 * @param {Deeds} deeds
 * @returns {HTMLLIElement}
 */
export function drawMark({ view: { key, data }, state, tags, meaning }, deeds) {
  const item = document.createElement('li');
  item.className = 'mark';
  item.dataset.key = key;
  item.style.setProperty('--mark', cssOf(data.color));
  const quote = button(item, quoteOf(data.selectors), () => deeds.go(key));
  quote.className = 'quote';
  quote.dir = 'auto';
  quote.disabled = state === 'orphan';
  if (state !== 'orphan') quote.title = word('go');
  if (data.comment) text(item, 'p', data.comment).className = 'comment';
  const facts = item.appendChild(document.createElement('div'));
  facts.className = 'facts';
  text(facts, 'span', meaning);
  const page = pageLabel(data.selectors);
  if (page) text(facts, 'span', word('place_pdf', page));
  for (const tag of tags) text(facts, 'span', tag.name).className = 'tag';
  if (state === 'fuzzy' || state === 'fixed') text(facts, 'em', word(`state_${state}`));
  if (state === 'orphan') button(facts, word('attach'), () => deeds.attach(key)).className = 'attach';
  const more = button(facts, word('edit'), () => deeds.edit(key));
  more.className = 'more';
  more.setAttribute('aria-expanded', 'false');
  return item;
}

/** What its page calls itself, of a highlight made on a PDF. @param {any[]} selectors @returns {string} empty for others */
function pageLabel(selectors) {
  const label = selectors.find((one) => one.type === 'PageSelector')?.label;
  const value = selectors.find((one) => one.type === 'FragmentSelector')?.value;
  return String(label ?? /^page=(\d+)/.exec(value)?.[1] ?? '');
}

/** @param {{exact?: string}[]} selectors @returns {string} */
function quoteOf(selectors) {
  return selectors.find((one) => one.exact)?.exact ?? '…';
}

/** @param {HTMLElement} parent @param {string} name @param {() => void} react @returns {HTMLButtonElement} */
function button(parent, name, react) {
  const made = parent.appendChild(document.createElement('button'));
  made.type = 'button';
  made.textContent = name;
  made.addEventListener('click', react);
  return made;
}

/** @param {HTMLElement} parent @param {string} tag @param {string} said @returns {HTMLElement} */
function text(parent, tag, said) {
  const made = parent.appendChild(document.createElement(tag));
  made.dir = 'auto';
  made.textContent = said;
  return made;
}

/**
 * Colours to choose from.
 * @param {HTMLElement} box
 * @param {Swatch[]} swatches
 * @param {{type: "radio" | "checkbox", name: string, chosen: string[]}} how
 */
export function drawSwatches(box, swatches, { type, name, chosen }) {
  const labels = swatches.map(({ color, name: meaning }) => {
    const label = document.createElement('label');
    const input = label.appendChild(document.createElement('input'));
    Object.assign(input, { type, name, value: color });
    const span = text(label, 'span', meaning);
    span.style.setProperty('--mark', cssOf(color));
    return label;
  });
  redraw(box, labels);
  for (const one of box.querySelectorAll('input')) one.checked = chosen.includes(one.value);
}
