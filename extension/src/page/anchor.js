/**
 * From a selection to W3C selectors and back: `__scholium.describe()` and `__scholium.locate(selectors)`.
 *
 * A classic script in the page's isolated world; it reads the page and never changes it. The page's text is compared
 * without any white space, in Unicode NFKC, without soft hyphens, so that another line break or ligature does not lose
 * a highlight. A place is found by the quote and its neighbours; the position only chooses between equals. What is not
 * found exactly is not found: a guess would mark the wrong words.
 */
(() => {
  const CONTEXT = 32; // characters before and after the quote
  const SHORT = 12; // a quote this short needs a neighbour that agrees
  const SKIPPED = new Set(['SCRIPT', 'STYLE', 'NOSCRIPT', 'TEMPLATE', 'TEXTAREA', 'SELECT']);
  const INLINE = new Set(
    'A ABBR B BDI BDO CITE CODE DATA DEL DFN EM FONT I INS KBD LABEL MARK Q RUBY S SAMP SMALL SPAN STRONG SUB SUP TIME U VAR'.split(
      ' ',
    ),
  );

  /** @typedef {import("../wire.js").Selector} Selector */
  /** @typedef {import("../wire.js").TextPosition} TextPosition */
  /** @typedef {import("../wire.js").TextQuote} TextQuote */

  /** A piece of the text: `node` begins at `start`. @typedef {{node: Text, start: number}} Piece */
  /** The page's text, words of neighbouring blocks kept apart. @typedef {{text: string, pieces: Piece[]}} Reading */

  /** @returns {Reading} */
  function read() {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT, (node) =>
      SKIPPED.has(node.parentElement?.tagName.toUpperCase() ?? '')
        ? NodeFilter.FILTER_REJECT
        : NodeFilter.FILTER_ACCEPT,
    );
    /** @type {Piece[]} */
    const pieces = [];
    let text = '';
    let block = null;
    while (walker.nextNode()) {
      const node = /** @type {Text} */ (walker.currentNode);
      const own = blockOf(node);
      if (block && own !== block) text += '\n';
      block = own;
      pieces.push({ node, start: text.length });
      text += node.data;
    }
    return { text, pieces };
  }

  /** @param {Node} node @returns {Element | null} */
  function blockOf(node) {
    let element = node.parentElement;
    while (element && INLINE.has(element.tagName)) element = element.parentElement;
    return element;
  }

  /**
   * The selection in the page as selectors.
   * @returns {{exact: string, selectors: Selector[]} | null} null where nothing is selected
   */
  function describe() {
    const selection = document.getSelection();
    if (!selection?.rangeCount || selection.isCollapsed) return null;
    return describeRange(selection.getRangeAt(0));
  }

  /** @param {Range} range @returns {{exact: string, selectors: Selector[]} | null} */
  function describeRange(range) {
    const reading = read();
    const [from, to] = trimmed(reading.text, offsetOf(reading, range, true), offsetOf(reading, range, false));
    if (from >= to) return null;
    const exact = spaced(reading.text.slice(from, to));
    const prefix = spaced(reading.text.slice(Math.max(0, from - 3 * CONTEXT), from)).slice(-CONTEXT);
    const suffix = spaced(reading.text.slice(to, to + 3 * CONTEXT)).slice(0, CONTEXT);
    /** @type {Selector[]} */
    const selectors = [
      { type: 'TextQuoteSelector', exact, prefix: prefix.toWellFormed(), suffix: suffix.toWellFormed() },
      { type: 'TextPositionSelector', start: from, end: to },
    ];
    return { exact, selectors };
  }

  /** Where a range's edge lies in the reading. @param {Reading} reading @param {Range} range @param {boolean} start */
  function offsetOf({ text, pieces }, range, start) {
    const container = start ? range.startContainer : range.endContainer;
    const offset = start ? range.startOffset : range.endOffset;
    for (const piece of pieces) {
      if (piece.node === container) return piece.start + offset;
      // The first text at or after the edge, where the edge lies between elements.
      if (range.comparePoint(piece.node, 0) >= (start ? 0 : 1)) return piece.start;
    }
    return text.length;
  }

  /** @param {string} text @param {number} from @param {number} to @returns {[number, number]} without outer spaces */
  function trimmed(text, from, to) {
    while (from < to && /\s/.test(text[from])) from += 1;
    while (to > from && /\s/.test(text[to - 1])) to -= 1;
    return [from, to];
  }

  /** @param {string} text @returns {string} with single spaces */
  function spaced(text) {
    return text.replace(/\s+/g, ' ').replaceAll('\0', '');
  }

  /**
   * The text without what varies between two renderings of the same words.
   * @param {string} text
   * @returns {{text: string, at: number[]}} `at[i]`: where character i stood
   */
  function squeezed(text) {
    let out = '';
    /** @type {number[]} */
    const at = [];
    let offset = 0;
    for (const character of text) {
      const plain = /[\s\u00ad\u200b-\u200d\u2060\ufeff]/.test(character)
        ? ''
        : character.normalize('NFKC').replace(/\s/g, '');
      for (let i = 0; i < plain.length; i += 1) at.push(offset);
      out += plain;
      offset += character.length;
    }
    at.push(offset);
    return { text: out, at };
  }

  /**
   * The place that the selectors mean.
   * @param {Selector[]} selectors
   * @returns {Range | null} null where the page does not hold it (any more)
   */
  function locate(selectors) {
    return locateIn(prepared(), selectors);
  }

  /** The page, read once for many highlights. */
  function prepared() {
    const reading = read();
    return { reading, page: squeezed(reading.text) };
  }

  /** @param {ReturnType<typeof prepared>} view @param {Selector[]} selectors @returns {Range | null} */
  function locateIn({ reading, page }, selectors) {
    const quote = /** @type {TextQuote | undefined} */ (selectors.find((one) => one.type === 'TextQuoteSelector'));
    const position = /** @type {TextPosition | undefined} */ (
      selectors.find((one) => one.type === 'TextPositionSelector')
    );
    const exact = squeezed(quote?.exact ?? '').text;
    if (!quote || !exact) return null;
    const start = best(page, exact, quote, position?.start ?? 0);
    if (start === null) return null;
    return rangeOf(reading, page.at[start], page.at[start + exact.length - 1] + 1);
  }

  /**
   * @param {{text: string, at: number[]}} page @param {string} exact @param {TextQuote} quote @param {number} near
   * @returns {number | null} where the likeliest occurrence begins
   */
  function best(page, exact, quote, near) {
    const prefix = squeezed(quote.prefix ?? '').text;
    const suffix = squeezed(quote.suffix ?? '').text;
    let found = null;
    for (let at = page.text.indexOf(exact); at >= 0; at = page.text.indexOf(exact, at + 1)) {
      const before = agreeing(prefix, page.text.slice(0, at), -1);
      const after = agreeing(suffix, page.text.slice(at + exact.length, at + exact.length + suffix.length), 1);
      const distance = Math.abs(page.at[at] - near);
      const score = before + after;
      if (!found || score > found.score || (score === found.score && distance < found.distance))
        found = { at, score, distance };
    }
    const lonely = exact.length < SHORT && (prefix || suffix) && !found?.score;
    return found && !lonely ? found.at : null;
  }

  /** How many characters of the context agree, counted from the quote. @param {string} a @param {string} b @param {1 | -1} way */
  function agreeing(a, b, way) {
    let count = 0;
    while (
      count < a.length &&
      count < b.length &&
      a.at(way > 0 ? count : -1 - count) === b.at(way > 0 ? count : -1 - count)
    )
      count += 1;
    return count;
  }

  /** @param {Reading} reading @param {number} from @param {number} to @returns {Range} */
  function rangeOf({ pieces }, from, to) {
    const range = document.createRange();
    const first = /** @type {Piece} */ (pieces.findLast((piece) => piece.start <= from));
    const last = /** @type {Piece} */ (pieces.findLast((piece) => piece.start < to));
    range.setStart(first.node, from - first.start);
    range.setEnd(last.node, Math.min(to - last.start, last.node.length));
    return range;
  }

  /** @type {any} */ (globalThis).__scholium = {
    .../** @type {any} */ (globalThis).__scholium,
    describe,
    describeRange,
    locate,
    locateIn,
    prepared,
  };
})();
