/**
 * The field for tags, or for lists: chips of what the paper has, and an input that offers the library's (WAI-ARIA combobox).
 *
 * Enter takes what is chosen or typed, Backspace in the empty field takes the last chip off, Escape closes the list.
 * Refuses to write anything itself: it tells what the user wants.
 */

import { redraw, word } from '../browser_ui.js';
import { COLORS } from '../paint_style.js';
import { suggestions } from '../tags.js';

/** @import { Tag } from "../views.js" */

/** @typedef {{put: (name: string) => void, drop: (tag: Tag) => void}} Wishes */

export class TagField {
  /** @type {Tag[]} */ #all = [];
  /** @type {Tag[]} */ #taken = [];
  /** @type {Tag[]} */ #offered = [];
  #chosen = -1;

  /**
   * @param {HTMLInputElement} input @param {HTMLElement} chips @param {HTMLElement} list @param {Wishes} wishes
   * @param {boolean} eager whether it offers before anything is typed
   */
  constructor(input, chips, list, wishes, eager = false) {
    this.input = input;
    this.chips = chips;
    this.list = list;
    this.wishes = wishes;
    input.addEventListener('input', () => this.#offer());
    input.addEventListener('focus', () => (eager || input.value) && this.#offer());
    input.addEventListener('blur', () => this.#close());
    input.addEventListener('keydown', (event) => this.#key(event));
  }

  /** Show these tags, and offer from those. @param {Tag[]} taken @param {Tag[]} all */
  show(taken, all) {
    this.#taken = taken;
    this.#all = all;
    redraw(this.chips, taken.map((tag) => this.#chip(tag)));
    if (!this.list.hidden) this.#offer();
  }

  /** @param {Tag} tag */
  #chip(tag) {
    const chip = document.createElement('li');
    chip.dataset.key = [tag.key, ...(tag.also ?? [])].join();
    if (tag.color) {
      const dot = chip.appendChild(document.createElement('span'));
      dot.className = 'dot';
      dot.style.background = COLORS[tag.color] ?? tag.color;
    }
    const text = chip.appendChild(document.createElement('span'));
    text.className = 'word';
    text.dir = 'auto';
    text.textContent = tag.name;
    const button = chip.appendChild(document.createElement('button'));
    button.type = 'button';
    button.textContent = '×';
    button.setAttribute('aria-label', word('tag_remove', tag.name));
    button.addEventListener('click', () => {
      this.wishes.drop(tag);
      this.input.focus();
    });
    return chip;
  }

  #offer() {
    this.#offered = suggestions(
      this.#all,
      this.input.value,
      this.#taken.map((tag) => tag.key),
    );
    this.#chosen = -1;
    const open = this.#offered.length > 0;
    this.list.hidden = !open;
    this.input.setAttribute('aria-expanded', String(open));
    this.list.replaceChildren(...this.#offered.map((tag, index) => this.#option(tag, index)));
    this.#mark();
  }

  /** @param {Tag} tag @param {number} index */
  #option(tag, index) {
    const option = document.createElement('li');
    option.id = `${this.list.id}-${index}`;
    option.setAttribute('role', 'option');
    const name = option.appendChild(document.createElement('span'));
    name.dir = 'auto';
    name.textContent = tag.name;
    const count = option.appendChild(document.createElement('span'));
    count.className = 'count';
    count.textContent = tag.count ? String(tag.count) : '';
    // The pointer goes down before the field loses the focus and closes the list.
    option.addEventListener('pointerdown', (event) => {
      event.preventDefault();
      this.#take(tag.name);
    });
    return option;
  }

  #mark() {
    for (const [index, option] of [...this.list.children].entries()) {
      option.setAttribute('aria-selected', String(index === this.#chosen));
    }
    if (this.#chosen < 0) this.input.removeAttribute('aria-activedescendant');
    else this.input.setAttribute('aria-activedescendant', `${this.list.id}-${this.#chosen}`);
  }

  #close() {
    this.list.hidden = true;
    this.#chosen = -1;
    this.input.setAttribute('aria-expanded', 'false');
    this.input.removeAttribute('aria-activedescendant');
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.isComposing || event.ctrlKey || event.metaKey) return;
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step) this.#move(step);
    else if (event.key === 'Enter' || event.key === ',')
      this.#take(this.#offered[this.#chosen]?.name ?? this.input.value);
    else if (event.key === 'Escape' && !this.list.hidden) this.#close();
    else if (event.key === 'Backspace' && !this.input.value && this.#taken.length)
      this.wishes.drop(this.#taken[this.#taken.length - 1]);
    else return;
    event.preventDefault();
  }

  /** @param {1 | -1 | number} step */
  #move(step) {
    if (this.list.hidden) this.#offer();
    const count = this.#offered.length;
    if (!count) return;
    this.#chosen = this.#chosen < 0 && step < 0 ? count - 1 : (this.#chosen + step + count) % count;
    this.#mark();
  }

  /** @param {string} name */
  #take(name) {
    this.input.value = '';
    this.#offered = [];
    this.#close();
    if (name.trim()) this.wishes.put(name);
  }
}
