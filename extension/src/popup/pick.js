/**
 * Papers to pick from a page that lists them, each with a box; those of the library are ticked and stay so.
 *
 * Text only, whatever the page calls its papers. Saves what was picked, all or none.
 */

import { word } from '../browser_ui.js';
import { candidatesOf } from '../candidates.js';
import { database } from '../db.js';
import { shownName } from '../names.js';
import { readListing } from '../page.js';
import { savePicked } from '../save.js';
import { whichAreThere } from '../views.js';
import { el } from './card.js';

/** @import { Tab } from "../browser.js" */
/** @import { Candidate } from "../candidates.js" */

const FEW = 2; // papers on a page that is no list, from which on they may be picked

export class Picker {
  /** @type {Candidate[]} */ #papers = [];

  /** @param {(work: () => Promise<string>) => Promise<void>} attempt does it, and says what it led to or why it failed */
  constructor(attempt) {
    el('pick-all').addEventListener('change', () => this.#all());
    el('pick-list').addEventListener('change', () => this.#count());
    el('pick').addEventListener('submit', (event) => {
      event.preventDefault();
      void attempt(() => this.#save());
    });
  }

  /** Offer what a tab lists. @param {Tab} tab @param {boolean} isList @returns {Promise<boolean>} whether there is any */
  async open(tab, isList) {
    const found = candidatesOf(String(tab.url), await readListing(Number(tab.id)));
    this.#papers = isList || found.length >= FEW ? found : [];
    await this.#draw();
    if (this.#papers.length) el('pick-all').focus();
    return this.#papers.length > 0;
  }

  async #draw() {
    const names = this.#papers.map((paper) => paper.names);
    const there = await whichAreThere(await database(), names);
    el('pick').hidden = !names.length;
    el('pick-title').textContent = word(names.length === 1 ? 'pick_one' : 'pick_many', String(names.length));
    el('pick-list').replaceChildren(...this.#papers.map((paper, at) => drawPaper(paper, at, there[at])));
    this.#count();
  }

  /** @returns {Promise<string>} what was done */
  async #save() {
    const picked = boxes().filter((box) => box.checked && !box.disabled);
    const count = await savePicked(
      await database(),
      picked.map((box) => this.#papers[Number(box.value)]),
    );
    await this.#draw();
    return word(count === 1 ? 'picked_one' : 'picked_many', String(count));
  }

  #all() {
    const { checked } = /** @type {HTMLInputElement} */ (el('pick-all'));
    for (const box of boxes()) if (!box.disabled) box.checked = checked;
    this.#count();
  }

  #count() {
    const open = boxes().filter((box) => !box.disabled);
    const count = open.filter((box) => box.checked).length;
    const [all, save] = [el('pick-all'), el('pick-save')];
    const saving = word(count === 1 ? 'pick_save_one' : 'pick_save', String(count));
    save.textContent = count ? saving : word('pick_none');
    Object.assign(save, { disabled: !count });
    const every = count === open.length;
    Object.assign(all, { checked: every, indeterminate: count > 0 && !every, disabled: !open.length });
  }
}

/** @param {Candidate} paper @param {number} at its place @param {boolean} there whether it is in the library */
function drawPaper({ title, names }, at, there) {
  const item = document.createElement('li');
  const label = item.appendChild(document.createElement('label'));
  const box = label.appendChild(document.createElement('input'));
  Object.assign(box, { type: 'checkbox', value: String(at), checked: there, disabled: there });
  const lines = label.appendChild(document.createElement('span'));
  const name = lines.appendChild(document.createElement('span'));
  name.dir = 'auto';
  name.className = 'paper';
  name.textContent = title;
  const small = lines.appendChild(document.createElement('span'));
  small.className = 'name';
  small.textContent = there ? word('pick_there') : shownName(names);
  return item;
}

/** @returns {HTMLInputElement[]} */
function boxes() {
  return [.../** @type {NodeListOf<HTMLInputElement>} */ (el('pick-list').querySelectorAll('input'))];
}
