/**
 * Paints highlights with the CSS Custom Highlight API: `__scholium.paint(list)`; needs `anchor.js` before it.
 *
 * A classic script in the page's isolated world. The page's DOM stays as it is: no elements are wrapped, so no script
 * or layout of the page can break. The colours come as a style sheet from the extension (`paint_style.js`).
 */
(() => {
  /** @typedef {import("../wire.js").Selector} Selector */

  /** `style`: the name of its `::highlight()`; `anchor`: where a person put it. @typedef {{key: string, selectors: Selector[], anchor: Selector[] | null, style: string}} Mark */
  /** Where a highlight was found; `start` orders them. @typedef {{key: string, state: "exact" | "fuzzy" | "fixed" | "orphan", score: number, start: number}} Anchored */

  const HERE = 'scholium-here'; // the one that was just asked for
  const HERE_MS = 2000;

  /** @type {Set<string>} */
  const painted = new Set();
  /** @type {Map<string, Range>} */
  const ranges = new Map();

  /**
   * Paint exactly these highlights; what was painted before goes.
   * @param {Mark[]} marks
   * @returns {Anchored[]} in the order of the marks
   */
  function paint(marks) {
    for (const name of painted) CSS.highlights.delete(name);
    painted.clear();
    ranges.clear();
    const view = /** @type {any} */ (globalThis).__scholium.prepared();
    return marks.map((mark) => anchored(view, mark));
  }

  /** @param {unknown} view @param {Mark} mark @returns {Anchored} */
  function anchored(view, { key, selectors, anchor, style }) {
    const { locateIn } = /** @type {any} */ (globalThis).__scholium;
    const fixed = anchor && locateIn(view, anchor);
    const found = fixed || locateIn(view, selectors);
    if (!found) return { key, state: 'orphan', score: 0, start: -1 };
    place(style, found.range);
    ranges.set(key, found.range);
    return { key, state: fixed ? 'fixed' : found.state, score: found.score, start: found.start };
  }

  /** @param {string} name @param {Range} range */
  function place(name, range) {
    const highlight = CSS.highlights.get(name) ?? new Highlight();
    highlight.add(range);
    CSS.highlights.set(name, highlight);
    painted.add(name);
  }

  /**
   * Bring a highlight into view and mark it for a moment.
   * @param {string} key
   * @returns {boolean} false where it is not painted
   */
  function show(key) {
    const range = ranges.get(key);
    if (!range) return false;
    const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    range.startContainer.parentElement?.scrollIntoView({ block: 'center', behavior: calm ? 'auto' : 'smooth' });
    const here = new Highlight(range);
    here.priority = 1;
    CSS.highlights.set(HERE, here);
    setTimeout(() => CSS.highlights.get(HERE) === here && CSS.highlights.delete(HERE), HERE_MS);
    return true;
  }

  const scholium = /** @type {any} */ (globalThis);
  scholium.__scholium = { paint, show, ...scholium.__scholium };
})();
