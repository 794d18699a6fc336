/**
 * From a selection to W3C selectors and back: `__scholium.describe()` and `__scholium.locate(selectors)`.
 *
 * A classic script in the page's isolated world, after `text.js` and `match.js`; it reads the page and never changes it.
 * The quote and its neighbours name a place; position and path only choose between equals. A place that is not clear is
 * no place: an orphan says so, and a person may put it right.
 */
(() => {
  const CONTEXT = 32; // characters before and after the quote
  const MOST_CONTEXT = { no: 0, alike: 256, same: 2048 }; // where 32 do not tell the place from others
  const SPACES = 4000; // of indentation that may stand before a neighbour
  const ROOT = /^[\w.:-]+$/; // ids that need no quoting

  /** @typedef {import("../wire.js").Selector} Selector */
  /** @typedef {import("../wire.js").TextPosition} TextPosition */
  /** @typedef {import("../wire.js").TextQuote} TextQuote */
  /** @typedef {import("../wire.js").RangePath} RangePath */
  /** @typedef {import("../wire.js").NodePath} NodePath */
  /** @typedef {import("./shapes.js").Reading} Reading */
  /** @typedef {import("./shapes.js").PageText} View */
  /** @typedef {import("./shapes.js").Quote} Quote */
  /** @typedef {import("./shapes.js").Place} Place */
  /** @typedef {Place & {range: Range}} Found */

  const { text: texts, grams, match } = /** @type {any} */ (globalThis).__scholium;


  /** The page, read once for many highlights. @param {Reading} reading @returns {View} */
  function prepared(reading = texts.read()) {
    const page = texts.squeezed(reading.text);
    return { reading, page, field: grams.field(page.text) };
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
    const view = prepared();
    const { reading } = view;
    const made = describeText(view, texts.offsetOf(reading, range, true), texts.offsetOf(reading, range, false));
    if (!made) return null;
    const { start, end } = made.selectors[1];
    const path = pathOf(texts.rangeOf(reading, start, end));
    return { ...made, selectors: path ? [...made.selectors, path] : made.selectors };
  }

  /**
   * A passage of the text as quote and position; null where it is nothing but spaces.
   * @param {View} view @param {number} start @param {number} end
   * @returns {{exact: string, selectors: [TextQuote, TextPosition]} | null}
   */
  function describeText(view, start, end) {
    const [from, to] = trimmed(view.reading.text, start, end);
    if (from >= to) return null;
    const quote = telling(view, from, to);
    return { exact: quote.exact, selectors: [quote, { type: 'TextPositionSelector', start: from, end: to }] };
  }

  /** The quote with as much around it as tells it from others. @param {View} view @param {number} from @param {number} to @returns {TextQuote} */
  function telling(view, from, to) {
    const at = view.page.at.findIndex((one) => one >= from);
    for (let room = CONTEXT; ; room *= 2) {
      const quote = quoted(view.reading.text, from, to, room);
      /** @type {keyof typeof MOST_CONTEXT} */
      const crowding = match.crowding(view.field, bare(quote), at);
      if (room >= MOST_CONTEXT[crowding]) return quote;
    }
  }

  /** @param {string} text @param {number} from @param {number} to @param {number} room @returns {TextQuote} */
  function quoted(text, from, to, room) {
    const prefix = spaced(text.slice(Math.max(0, from - room - SPACES), from)).slice(-room);
    const suffix = spaced(text.slice(to, to + room + SPACES)).slice(0, room);
    const exact = spaced(text.slice(from, to)).toWellFormed();
    return { type: 'TextQuoteSelector', exact, prefix: prefix.toWellFormed(), suffix: suffix.toWellFormed() };
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

  /** The quote without spaces; squeezed in one, for a hyphen is judged by what follows it. @param {TextQuote} quote @returns {Quote} */
  function bare({ exact, prefix = '', suffix = '' }) {
    const { text, at } = texts.squeezed(prefix + exact + suffix);
    const from = at.findIndex((/** @type {number} */ one) => one >= prefix.length);
    const to = at.findIndex((/** @type {number} */ one) => one >= prefix.length + exact.length);
    return { prefix: text.slice(0, from), words: text.slice(from, to), suffix: text.slice(to) };
  }

  /** The range by its elements. @param {Range} range @returns {RangePath | null} */
  function pathOf(range) {
    const startSelector = nodePath(range.startContainer, range.startOffset);
    const endSelector = nodePath(range.endContainer, range.endOffset);
    return startSelector && endSelector && { type: 'RangeSelector', startSelector, endSelector };
  }

  /** @param {Node} node @param {number} offset @returns {NodePath | null} */
  function nodePath(node, offset) {
    let element = node.parentElement;
    // XPath in an HTML document names HTML elements only.
    while (element && element.namespaceURI !== 'http://www.w3.org/1999/xhtml') element = element.parentElement;
    if (!element) return null;
    const before = document.createRange();
    before.setStart(element, 0);
    before.setEnd(node, offset);
    const start = before.toString().length;
    const value = xpath(element);
    return value.length > 1000 ? null : { type: 'XPathSelector', value, refinedBy: positionAt(start) };
  }

  /** @param {number} start @returns {TextPosition} */
  function positionAt(start) {
    return { type: 'TextPositionSelector', start, end: start };
  }

  /** From the root, or from the nearest element with an id. @param {Element} element @returns {string} */
  function xpath(element) {
    if (ROOT.test(element.id) && document.getElementById(element.id) === element) return `//*[@id="${element.id}"]`;
    const parent = element.parentElement;
    const name = element.localName;
    if (!parent) return `/${name}`;
    const alike = [...parent.children].filter((one) => one.localName === name);
    const step = /^[a-z][\w-]*$/.test(name) ? name : '*';
    const place = step === '*' ? [...parent.children].indexOf(element) : alike.indexOf(element);
    return `${xpath(parent)}/${step}[${place + 1}]`;
  }

  /** Where a path leads to in the page's text. @param {View} view @param {RangePath} path @returns {number | null} */
  function offsetAt({ reading }, { startSelector: { value, refinedBy } }) {
    try {
      const found = document.evaluate(value, document, null, XPathResult.FIRST_ORDERED_NODE_TYPE).singleNodeValue;
      if (!found) return null;
      const walker = document.createTreeWalker(found, NodeFilter.SHOW_TEXT);
      let left = refinedBy?.start ?? 0;
      while (walker.nextNode()) {
        const node = /** @type {Text} */ (walker.currentNode);
        if (left < node.length) return startOf(reading, node, left);
        left -= node.length;
      }
    } catch {
      // A path of another tool, or of a page that is no more.
    }
    return null;
  }

  /** @param {Reading} reading @param {Text} node @param {number} offset @returns {number | null} */
  function startOf(reading, node, offset) {
    const piece = reading.pieces.find((one) => one.node === node);
    return piece ? piece.start + offset : null;
  }

  /**
   * The place that the selectors mean.
   * @param {Selector[]} selectors
   * @returns {Range | null} null where the page does not hold it (any more)
   */
  function locate(selectors) {
    return locateIn(prepared(), selectors)?.range ?? null;
  }

  /** @param {View} view @param {Selector[]} selectors @returns {Found | null} */
  function locateIn(view, selectors) {
    const place = placeIn(view, selectors);
    return place && { ...place, range: texts.rangeOf(view.reading, place.start, place.end) };
  }

  /** @param {View} view @param {Selector[]} selectors @returns {Place | null} */
  function placeIn(view, selectors) {
    const quote = /** @type {TextQuote | undefined} */ (selectors.find((one) => one.type === 'TextQuoteSelector'));
    if (!quote?.exact) return null;
    const { page, reading } = view;
    const found = match.find(view.field, bare(quote), hints(view, selectors));
    if (!found) return null;
    return { ...found, start: page.at[found.start], end: texts.endOf(reading.text, page.at[found.end - 1]) };
  }

  /** Whether position or path point at a place. @param {View} view @param {Selector[]} selectors */
  function hints(view, selectors) {
    const position = /** @type {TextPosition | undefined} */ (
      selectors.find((one) => one.type === 'TextPositionSelector')
    );
    const path = /** @type {RangePath | undefined} */ (selectors.find((one) => one.type === 'RangeSelector'));
    /** @type {(number | null | undefined)[] | null} */
    let offsets = null;
    return (/** @type {{start: number}} */ place) => {
      offsets ??= [position?.start, path && offsetAt(view, path)];
      return offsets.includes(view.page.at[place.start]);
    };
  }

  const scholium = /** @type {any} */ (globalThis).__scholium;
  const anchor = { describe, describeRange, describeText, telling, locate, locateIn, placeIn, prepared };
  /** @type {any} */ (globalThis).__scholium = { ...scholium, ...anchor };
})();
