/**
 * A PDF as one text: page after page, line after line, and where each piece of it stands on its page.
 *
 * Pure. PDF.js gives a page as items in the order in which they are drawn; its text layer makes of each item with
 * letters one element, so an item's number is enough to find its words on the screen again.
 */

/** @import { Piece } from "../page/shapes.js" */

/** An item of PDF.js's text content; those that only mark structure have no `str`. @typedef {{str?: string, hasEOL?: boolean, type?: string}} Item */

/** A page in the whole text: from `start` to `end`; `runs[i]`: where the i-th item with letters begins.
 * @typedef {{start: number, end: number, runs: number[]}} PageSpan */
/** The whole text. @typedef {{text: string, pages: PageSpan[]}} PdfText */

export const MOST_TEXT = 4_000_000; // characters; what comes after is not read

/**
 * The pages' items as one text.
 * @param {Iterable<Item[]>} pages
 * @returns {PdfText}
 */
export function textOf(pages) {
  let text = '';
  /** @type {PageSpan[]} */
  const spans = [];
  for (const items of pages) {
    const start = text.length;
    const runs = [];
    for (const { str, hasEOL } of items) {
      if (str && text.length < MOST_TEXT) {
        runs.push(text.length);
        text += str;
      }
      if (hasEOL) text += '\n';
    }
    spans.push({ start, end: text.length, runs });
    text += '\n';
  }
  return { text, pages: spans };
}

/**
 * The number of the page on which an offset lies.
 * @param {PdfText} whole
 * @param {number} offset
 * @returns {number} from 1
 */
export function pageAt({ pages }, offset) {
  let [low, high] = [0, pages.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (pages[middle].start <= offset) low = middle;
    else high = middle - 1;
  }
  return low + 1;
}

/**
 * The text nodes of a page's text layer with their places in the whole text.
 * @param {PageSpan} span
 * @param {Iterable<Text>} nodes in the order of the document
 * @returns {Piece[]}
 */
export function piecesOf({ runs }, nodes) {
  return [...nodes].slice(0, runs.length).map((node, i) => ({ node, start: runs[i] }));
}

/**
 * The parts of a passage by page.
 * @param {PdfText} whole
 * @param {number} from @param {number} to
 * @returns {{page: number, from: number, to: number}[]}
 */
export function partsOf(whole, from, to) {
  const parts = [];
  for (let page = pageAt(whole, from); page <= whole.pages.length; page += 1) {
    const { start, end } = whole.pages[page - 1];
    if (start >= to) break;
    const part = { page, from: Math.max(from, start), to: Math.min(to, end) };
    if (part.from < part.to) parts.push(part);
  }
  return parts;
}
