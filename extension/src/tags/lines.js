/**
 * Draws the tags: colour, name, how many papers, and buttons; under one of them the form that is open. Text only.
 *
 * Redrawing keeps the keyboard where it was: on the same control of the same tag, else on the list.
 */

import { word } from '../browser_ui.js';
import { COLORS } from '../paint_style.js';

/** @import { Tag } from "../views.js" */

/** @typedef {{rename: (tag: Tag) => void, merge: (tag: Tag) => void, recolor: (tag: Tag, color: string | null) => void}} Acts */

/**
 * @param {HTMLElement} list
 * @param {Tag[]} tags in the order to be shown
 * @param {Acts} acts
 * @param {boolean} alone there is no other tag to merge with
 */
export function drawTags(list, tags, acts, alone) {
  const id = list.contains(document.activeElement) ? controlOf(document.activeElement) : null;
  list.replaceChildren(...tags.map((tag) => drawTag(tag, acts, alone)));
  if (id !== null) focusOn(list, id);
}

/**
 * Put the keyboard on a control of a tag, or on the list where that is gone.
 * @param {HTMLElement} list @param {string} id the tag's key, a space, and the control's name
 */
export function focusOn(list, id) {
  const same = /** @type {HTMLElement | null} */ (list.querySelector(`[data-id="${CSS.escape(id)}"]`));
  (same ?? list).focus();
}

/** @param {Element | null} element */
function controlOf(element) {
  return /** @type {HTMLElement | null} */ (element)?.dataset.id ?? '';
}

/** @param {Tag} tag @param {Acts} acts @param {boolean} alone */
function drawTag(tag, acts, alone) {
  const item = document.createElement('li');
  item.dataset.key = tag.key;
  item.append(drawName(tag));
  const row = item.appendChild(document.createElement('div'));
  row.className = 'row';
  row.append(drawColors(tag, acts.recolor));
  row.append(drawButton(`${tag.key} Rename`, word('tag_rename'), word('tag_rename_of', tag.name), () => acts.rename(tag)));
  if (alone) return item;
  row.append(drawButton(`${tag.key} Merge`, word('tag_merge'), word('tag_merge_of', tag.name), () => acts.merge(tag)));
  return item;
}

/** @param {Tag} tag */
function drawName(tag) {
  const words = document.createElement('div');
  words.className = 'tag';
  const dot = words.appendChild(document.createElement('span'));
  dot.className = 'dot';
  if (tag.color) dot.style.background = COLORS[tag.color] ?? tag.color;
  const name = words.appendChild(document.createElement('span'));
  name.className = 'name';
  name.dir = 'auto';
  name.textContent = tag.name;
  const count = words.appendChild(document.createElement('span'));
  count.className = 'muted';
  count.textContent = tag.count === 1 ? word('tag_paper') : word('tag_papers', String(tag.count));
  return words;
}

/** @param {Tag} tag @param {Acts["recolor"]} recolor */
function drawColors(tag, recolor) {
  const select = document.createElement('select');
  select.dataset.id = `${tag.key} color`;
  select.setAttribute('aria-label', word('tag_color_of', tag.name));
  select.append(new Option(word('tint_none'), ''));
  for (const color of Object.keys(COLORS)) select.append(new Option(word(`tint_${color}`), color));
  if (tag.color && !(tag.color in COLORS)) select.append(new Option(tag.color, tag.color));
  select.value = tag.color ?? '';
  select.addEventListener('change', () => recolor(tag, select.value || null));
  return select;
}

/** @param {string} id @param {string} text @param {string} label @param {() => void} press */
function drawButton(id, text, label, press) {
  const button = document.createElement('button');
  button.type = 'button';
  button.dataset.id = id;
  button.textContent = text;
  button.setAttribute('aria-label', label);
  button.addEventListener('click', press);
  return button;
}
