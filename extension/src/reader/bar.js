/**
 * The reader's tools: page and label, zoom, dark pages, and the keys for them.
 *
 * Keys with Control belong to the browser, but for finding; none is taken from a field that is typed into.
 */

import { store, stored } from '../browser.js';
import { word } from '../browser_ui.js';
import { chosenTheme } from '../theme.js';

/** @import { View } from "./view.js" */

const ZOOMS = ['page-width', 'page-fit', '0.5', '0.75', '1', '1.25', '1.5', '2', '3', '4'];
const DARK = 'reader_dark';

/**
 * @template {HTMLElement} [T=HTMLElement]
 * @param {string} id
 * @returns {T}
 */
export function el(id) {
  return /** @type {T} */ (document.getElementById(id));
}

export class Bar {
  /** @type {HTMLInputElement} */
  #page = el('page');
  /** @type {HTMLSelectElement} */
  #zoom = el('zoom');

  /** @param {View} view @param {{find: () => void, outline: () => void}} deeds */
  constructor(view, deeds) {
    this.view = view;
    this.deeds = deeds;
    el('paging').addEventListener('submit', (event) => {
      event.preventDefault();
      this.#turn(this.#page.value);
    });
    this.#page.addEventListener('change', () => this.#turn(this.#page.value));
    this.#zoom.addEventListener('change', () => (view.zoom = this.#zoom.value));
    el('smaller').addEventListener('click', () => view.step(-1));
    el('larger').addEventListener('click', () => view.step(1));
    el('find-button').addEventListener('click', deeds.find);
    el('outline-button').addEventListener('click', deeds.outline);
    el('dark').addEventListener('click', () => this.#darken(el('dark').getAttribute('aria-pressed') !== 'true', true));
    document.addEventListener('keydown', (event) => this.#press(event));
  }

  /** A PDF is there to be used on. */
  async show() {
    el('tools').hidden = false;
    this.drawPage();
    this.drawZoom();
    this.#darken((await stored('local', DARK)) ?? isDark(), false);
  }

  drawPage() {
    const { page, count } = this.view;
    const label = this.view.labelOf(page);
    const own = label === String(page);
    if (document.activeElement !== this.#page) this.#page.value = label;
    el('pages').textContent = own
      ? word('reader_page_count', String(count))
      : word('reader_page_labelled', String(page), String(count));
  }

  drawZoom() {
    const { zoom, scale } = this.view;
    const offered = ZOOMS.includes(zoom) ? ZOOMS : [...ZOOMS, zoom];
    const options = offered.map((one) => new Option(zoomText(one, scale), one, false, one === zoom));
    this.#zoom.replaceChildren(...options);
  }

  /** By its label, else by its number. @param {string} typed */
  #turn(typed) {
    const wanted = typed.trim().toLowerCase();
    const pages = Array.from({ length: this.view.count }, (_, i) => i + 1);
    const page = pages.find((one) => this.view.labelOf(one).toLowerCase() === wanted) ?? Number.parseInt(wanted, 10);
    if (page) this.view.page = page;
    this.#page.value = this.view.labelOf(this.view.page);
  }

  /** @param {boolean} dark @param {boolean} keep as what the user wants from now on */
  #darken(dark, keep) {
    document.body.classList.toggle('dark-pages', dark);
    el('dark').setAttribute('aria-pressed', String(dark));
    if (keep) void store('local', DARK, dark);
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    const { key, ctrlKey, metaKey, altKey, target } = event;
    if (!this.view.count || altKey) return;
    const finds = (ctrlKey || metaKey) && key.toLowerCase() === 'f';
    const typing = target instanceof Element && target.closest('input, select, textarea');
    if (!finds && (ctrlKey || metaKey || typing)) return;
    const deed = finds ? this.deeds.find : this.#deedOf(key);
    if (!deed) return;
    event.preventDefault();
    deed();
  }

  /** @param {string} key @returns {(() => void) | undefined} */
  #deedOf(key) {
    const { view, deeds } = this;
    /** @type {Record<string, () => void>} */
    const deedsByKey = {
      '/': deeds.find,
      o: deeds.outline,
      '+': () => view.step(1),
      '=': () => view.step(1),
      '-': () => view.step(-1),
      0: () => (view.zoom = 'page-width'),
      n: () => (view.page += 1),
      p: () => (view.page -= 1),
      g: () => this.#page.select(),
    };
    return Object.hasOwn(deedsByKey, key) ? deedsByKey[key] : undefined;
  }
}

/** Whether the window is dark. */
function isDark() {
  const theme = chosenTheme();
  return theme === 'system' ? matchMedia('(prefers-color-scheme: dark)').matches : theme === 'dark';
}

/** @param {string} zoom @param {number} scale what it comes to where it is no number */
function zoomText(zoom, scale) {
  if (zoom === 'page-width') return word('reader_fit_width');
  if (zoom === 'page-fit') return word('reader_fit_page');
  return word('reader_percent', String(Math.round((Number(zoom) || scale) * 100)));
}
