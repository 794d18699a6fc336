/**
 * Paints highlights with the CSS Custom Highlight API: `__scholium.paint(list)`; needs `anchor.js` before it.
 *
 * A classic script in the page's isolated world. The page's DOM stays as it is: no elements are wrapped, so no script
 * or layout of the page can break. The colours come as a style sheet from the extension (`paint_style.js`).
 */
(() => {
  /** @typedef {import("../wire.js").Selector} Selector */

  /** @typedef {{key: string, selectors: Selector[], style: string}} Mark `style`: the name of its `::highlight()` */

  /** @type {Set<string>} */
  const painted = new Set();

  /**
   * Paint exactly these highlights; what was painted before goes.
   * @param {Mark[]} marks
   * @returns {string[]} keys of those that the page does not hold
   */
  function paint(marks) {
    const scholium = /** @type {any} */ (globalThis).__scholium;
    for (const name of painted) CSS.highlights.delete(name);
    painted.clear();
    const view = scholium.prepared();
    const missing = [];
    for (const mark of marks) {
      const found = scholium.locateIn(view, mark.selectors);
      if (found) place(mark.style, found.range);
      else missing.push(mark.key);
    }
    return missing;
  }

  /** @param {string} name @param {Range} range */
  function place(name, range) {
    const highlight = CSS.highlights.get(name) ?? new Highlight();
    highlight.add(range);
    CSS.highlights.set(name, highlight);
    painted.add(name);
  }

  const scholium = /** @type {any} */ (globalThis);
  scholium.__scholium = { ...scholium.__scholium, paint: scholium.__scholium?.paint ?? paint };
})();
