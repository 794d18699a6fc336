/**
 * Finding words in the PDF: all places are painted, one is shown, and what was found last stays selected.
 *
 * Spaces, line ends, hyphens, ligatures, accents and case do not matter, but where a word ends does. So a passage can be
 * highlighted with the keyboard alone: find it, leave with Escape, and press the shortcut.
 */

import { word } from '../browser_ui.js';
import { el } from './bar.js';

/** @import { Squeezed } from "../page/shapes.js" */
/** @import { Marks } from "./marks.js" */

/** A passage that was found. @typedef {{start: number, end: number}} Hit */

const MOST_HITS = 1000;
const HIT = 'scholium-hit';
const CURRENT = 'scholium-hit-here';
/** @type {WeakMap<Squeezed, Squeezed>} */
const FOLDED = new WeakMap();

/**
 * All places of words in a text.
 * @param {{page: Squeezed, reading: {text: string}}} read the text, squeezed and as it is
 * @param {string} words
 * @returns {Hit[]} at most 1000, in their order
 */
export function hitsOf({ page, reading }, words) {
  const { text: texts } = /** @type {any} */ (globalThis).__scholium;
  const wanted = folded(texts.squeezed(words)).text;
  if (!wanted) return [];
  const shape = shapeOf(words, texts);
  const whole = folded(page);
  const hits = [];
  for (let at = whole.text.indexOf(wanted); at >= 0 && hits.length < MOST_HITS; at = whole.text.indexOf(wanted, at + 1)) {
    const [start, end] = [whole.at[at], texts.endOf(reading.text, whole.at[at + wanted.length - 1])];
    if (shapeOf(reading.text.slice(start, end), texts) === shape) hits.push({ start, end });
  }
  return hits;
}

/** In lower case and without accents. @param {Squeezed} page @returns {Squeezed} */
function folded(page) {
  const known = FOLDED.get(page);
  if (known) return known;
  /** @type {Squeezed} */
  const made = { text: '', at: [] };
  for (let i = 0; i < page.text.length; i += 1) {
    if (/\p{M}/u.test(page.text[i])) continue;
    const lower = page.text[i].toLowerCase();
    made.text += lower.length === 1 ? lower : page.text[i];
    made.at.push(page.at[i]);
  }
  FOLDED.set(page, made);
  return made;
}

/** The lengths of the words. @param {string} text @param {{squeezed: (text: string) => Squeezed}} texts */
function shapeOf(text, { squeezed }) {
  const joined = text.replace(/(\p{L})[-\u00ad\u2010]\s*\n\s*(?=\p{L})/gu, '$1');
  const words = joined.trim().split(/\s+/u);
  return words.map((one) => folded(squeezed(one)).text.length).filter(Boolean).join();
}

export class Find {
  /** @type {Hit[]} */
  #hits = [];
  #at = -1;

  /** @param {HTMLFormElement} form with a field, a place to say how many, and three buttons @param {Marks} marks */
  constructor(form, marks) {
    this.form = form;
    this.marks = marks;
    this.field = /** @type {HTMLInputElement} */ (form.querySelector('input'));
    this.told = /** @type {HTMLElement} */ (form.querySelector('output'));
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.step(1);
    });
    this.field.addEventListener('input', () => this.#search());
    form.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') this.close();
      if (event.key === 'Enter' && event.shiftKey && event.target === this.field) {
        event.preventDefault();
        this.step(-1);
      }
    });
  }

  open() {
    this.#stand(true);
    this.field.select();
    this.field.focus();
    if (this.field.value) this.#search();
  }

  close() {
    if (this.form.hidden) return;
    this.#stand(false);
    const hit = this.#hits[this.#at];
    const ranges = hit ? this.marks.layers.ranges(hit.start, hit.end) : [];
    this.marks.layers.paint('hits', []);
    this.marks.layers.paint('here', []);
    this.marks.layers.view.container.focus();
    const last = ranges.at(-1);
    if (!last) return;
    document.getSelection()?.setBaseAndExtent(ranges[0].startContainer, ranges[0].startOffset, last.endContainer, last.endOffset);
  }

  /** @param {boolean} open */
  #stand(open) {
    this.form.hidden = !open;
    el('find-button').setAttribute('aria-expanded', String(open));
  }

  /** @param {1 | -1} way */
  step(way) {
    if (!this.#hits.length) return this.#say();
    this.#at = (this.#at + way + this.#hits.length) % this.#hits.length;
    this.marks.bring(this.#hits[this.#at], CURRENT);
    this.#say();
  }

  #search() {
    const { layers } = this.marks;
    this.#hits = hitsOf(layers.read, this.field.value);
    layers.paint('here', []);
    layers.paint('hits', this.#hits.map((hit) => ({ ...hit, style: HIT })));
    const { start } = layers.whole.pages[layers.view.page - 1];
    const next = this.#hits.findIndex((hit) => hit.start >= start);
    this.#at = (next < 0 ? 0 : next) - 1;
    this.step(1);
  }

  #say() {
    const { length } = this.#hits;
    if (!this.field.value.trim()) this.told.textContent = '';
    else if (!length) this.told.textContent = word('reader_no_hits');
    else this.told.textContent = word('reader_hits', String(this.#at + 1), length < MOST_HITS ? String(length) : `${length}+`);
  }
}
