/**
 * The whole text of the PDF and the few pages of it that stand on the screen, each found in the other; and painted.
 *
 * Places are offsets in the whole text, so that a highlight is known on pages that were never drawn. Painted with the
 * CSS Custom Highlight API on PDF.js's text layers, which stay as they are.
 */

import { partsOf, piecesOf } from './text.js';

/** @import { Piece, PageText } from "../page/shapes.js" */
/** @import { PdfText } from "./text.js" */
/** @import { View } from "./view.js" */

/** A passage to paint. @typedef {{style: string, start: number, end: number}} Mark */

export class Layers {
  /** @type {Map<number, Piece[]>} */
  #pieces = new Map();
  /** @type {Map<string, Mark[]>} */
  #groups = new Map();
  /** @type {Set<string>} */
  #painted = new Set();

  /** @param {View} view @param {PdfText} whole */
  constructor(view, whole) {
    this.view = view;
    this.whole = whole;
    const { prepared, text } = /** @type {any} */ (globalThis).__scholium;
    this.texts = text;
    /** @type {PageText} */
    this.read = prepared({ text: whole.text, pieces: [] });
  }

  /**
   * Paint exactly these passages of a group, in place of those that it had.
   * @param {string} group @param {Mark[]} marks
   */
  paint(group, marks) {
    this.#groups.set(group, marks);
    this.redraw();
  }

  /** A page's text was drawn, or went. */
  redraw() {
    for (const name of this.#painted) CSS.highlights.delete(name);
    this.#painted.clear();
    for (const [number, marks] of [...this.#groups.values()].entries()) {
      for (const { style, start, end } of marks) {
        const found = CSS.highlights.get(style) ?? new Highlight();
        found.priority = number;
        for (const range of this.ranges(start, end)) found.add(range);
        CSS.highlights.set(style, found);
        this.#painted.add(style);
      }
    }
  }

  /** A passage as far as it stands on the screen. @param {number} start @param {number} end @returns {Range[]} */
  ranges(start, end) {
    return partsOf(this.whole, start, end).flatMap(({ page, from, to }) => {
      const pieces = this.#piecesOn(page);
      return pieces.length ? [this.texts.rangeOf({ text: '', pieces }, from, to)] : [];
    });
  }

  /**
   * What is selected.
   * @returns {{start: number, end: number} | null} null where nothing of the PDF is
   */
  selected() {
    const selection = document.getSelection();
    if (!selection?.rangeCount || selection.isCollapsed) return null;
    const range = selection.getRangeAt(0);
    if (!range.intersectsNode(this.view.container)) return null;
    const pages = Array.from({ length: this.whole.pages.length }, (_, i) => i + 1);
    const reading = { text: this.whole.text, pieces: pages.flatMap((page) => this.#piecesOn(page)) };
    const [start, end] = [true, false].map((edge) => this.texts.offsetOf(reading, range, edge));
    return start < end ? { start, end } : null;
  }

  /** @param {number} page @returns {Piece[]} */
  #piecesOn(page) {
    const layer = this.view.layer(page);
    const known = this.#pieces.get(page);
    if (!layer) return [];
    if (known?.length && layer.contains(known[0].node)) return known;
    const pieces = piecesOf(this.whole.pages[page - 1], textsIn(layer));
    this.#pieces.set(page, pieces);
    return pieces;
  }
}

/** @param {HTMLElement} layer @returns {Generator<Text>} */
function* textsIn(layer) {
  const walker = document.createTreeWalker(layer, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) yield /** @type {Text} */ (walker.currentNode);
}
