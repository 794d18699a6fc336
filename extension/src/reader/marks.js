/**
 * Highlights on a PDF, in the words that `page/` has for web pages: described, found again, painted, brought into view.
 *
 * The same quotes and the same finding as on a web page (`page/anchor.js`), over the PDF's text, so that a highlight
 * made on the one form of a paper shows on the other. A PDF's own place is its page: RFC 3778 and 8118, `page=3`.
 */

import { styleSheet } from '../paint_style.js';
import { pageAt } from './text.js';

/** @import { Anchored } from "../page.js" */
/** @import { Place } from "../page/shapes.js" */
/** @import { Selector } from "../wire.js" */
/** @import { Layers } from "./layers.js" */

/** What `page.js` asks to be painted. @typedef {{key: string, selectors: Selector[], anchor: Selector[] | null, style: string}} Wish */

const CONFORMS_TO = 'http://tools.ietf.org/rfc/rfc3778'; // the fragments of a PDF, as Web Annotation 4.2.1 names them
const HERE = 'scholium-here';
const HERE_MS = 2000;

export class Marks {
  /** Places by what they were looked for with: the text of a PDF does not change. @type {Map<string, Place | null>} */
  #found = new Map();
  /** @type {Map<string, Place>} */
  #places = new Map();
  #sheet = new CSSStyleSheet();

  /** @param {Layers} layers */
  constructor(layers) {
    this.layers = layers;
    document.adoptedStyleSheets.push(this.#sheet);
  }

  /** @returns {{exact: string, selectors: Selector[]} | null} what is selected; null where nothing is */
  describe() {
    const passage = this.layers.selected();
    const { describeText } = /** @type {any} */ (globalThis).__scholium;
    const made = passage && describeText(this.layers.read, passage.start, passage.end);
    if (!made) return null;
    const page = pageAt(this.layers.whole, made.selectors[1].start);
    return { exact: made.exact, selectors: [...made.selectors, ...pageSelectors(page, this.layers.view.labelOf(page))] };
  }

  /** @param {Wish[]} wishes @returns {Anchored[]} in their order */
  paint(wishes) {
    this.#places.clear();
    this.#sheet.replaceSync(styleSheet(wishes.map(({ style }) => `#${style.replace(/^scholium-/, '')}`)));
    const told = wishes.map((wish) => this.#anchored(wish));
    const marks = wishes.flatMap(({ key, style }) => {
      const place = this.#places.get(key);
      return place ? [{ style, start: place.start, end: place.end }] : [];
    });
    this.layers.paint('marks', marks);
    return told;
  }

  /** @param {Wish} wish @returns {Anchored} */
  #anchored({ key, selectors, anchor }) {
    const fixed = anchor && this.#placeOf(anchor);
    const found = fixed || this.#placeOf(selectors);
    if (!found) return { key, state: 'orphan', score: 0, start: -1 };
    this.#places.set(key, found);
    return { key, state: fixed ? 'fixed' : found.state, score: found.score, start: found.start };
  }

  /** @param {Selector[]} selectors @returns {Place | null} */
  #placeOf(selectors) {
    const asked = JSON.stringify(selectors);
    const known = this.#found.get(asked);
    if (known !== undefined) return known;
    const place = /** @type {any} */ (globalThis).__scholium.placeIn(this.layers.read, selectors);
    this.#found.set(asked, place);
    return place;
  }

  /**
   * Bring a highlight into view and mark it for a moment.
   * @param {string} key
   * @returns {boolean} false where it is not painted
   */
  show(key) {
    const place = this.#places.get(key);
    if (place) this.bring(place, HERE);
    return Boolean(place);
  }

  /**
   * Scroll to a passage and mark it for a moment.
   * @param {{start: number, end: number}} place @param {string} style
   */
  bring({ start, end }, style) {
    const page = pageAt(this.layers.whole, start);
    const { view } = this.layers;
    this.layers.paint('here', [{ style, start, end }]);
    const [range] = this.layers.ranges(start, end);
    const element = range?.startContainer.parentElement ?? view.box(page);
    element.scrollIntoView({ block: range ? 'center' : 'start', inline: 'nearest', behavior: 'instant' });
    if (!range) this.#later = { start, end, page };
    clearTimeout(this.#fading);
    if (style === HERE) this.#fading = setTimeout(() => this.layers.paint('here', []), HERE_MS);
  }
  #fading = 0;
  /** A passage to be scrolled to once its page is drawn. @type {{start: number, end: number, page: number} | null} */
  #later = null;

  /** A page's text was drawn. @param {number} page */
  drawn(page) {
    this.layers.redraw();
    if (this.#later?.page !== page) return;
    const [range] = this.layers.ranges(this.#later.start, this.#later.end);
    this.#later = null;
    range?.startContainer.parentElement?.scrollIntoView({ block: 'center', inline: 'nearest', behavior: 'instant' });
  }
}

/**
 * A page as selectors: by its number, and by its label where that is another one.
 * @param {number} page from 1 @param {string} label
 * @returns {Selector[]}
 */
export function pageSelectors(page, label) {
  const fragment = { type: 'FragmentSelector', value: `page=${page}`, conformsTo: CONFORMS_TO };
  return label === String(page) ? [fragment] : [fragment, { type: 'PageSelector', index: page - 1, label }];
}
