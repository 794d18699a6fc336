/**
 * Reads the links of a page that lists papers, each with the title that stands beside it: `__scholium.listing()`.
 *
 * A classic script in the page's isolated world; it only reads, only when the user asks, and judges nothing: which links
 * name a paper is found out by the extension. Limits: 3,000 links, 1,000 characters of title.
 */
(() => {
  const MOST_LINKS = 3000;
  const MOST_TITLE = 1000;
  const ITEMS = 'li, article, tr, dt, .gs_r, [class*="result" i]';
  const TITLES = 'h1, h2, h3, h4, h5, [class*="title" i]';

  /** A link, its title, and whether the link itself is a title.
   * @typedef {{url: string, title: string, heads: boolean}} ListedLink */

  /** @returns {ListedLink[]} in the order of the page */
  function listing() {
    const found = [];
    for (const link of document.querySelectorAll('a[href]')) {
      const { href } = /** @type {HTMLAnchorElement} */ (link);
      if (!/^https?:/.test(href) || href.length > 2000) continue;
      found.push({ url: href, title: titleOf(link), heads: Boolean(link.closest('h1, h2, h3, h4, h5')) });
      if (found.length === MOST_LINKS) break;
    }
    return found;
  }

  /** @param {Element} link @returns {string} empty where none stands near */
  function titleOf(link) {
    const own = textOf(link);
    if (own.split(' ').length >= 4) return own;
    const item = link.closest(ITEMS);
    const next = item?.tagName === 'DT' ? item.nextElementSibling : null;
    const place = next?.querySelector(TITLES) ?? item?.querySelector(TITLES);
    return (place && textOf(place)) || own;
  }

  /** @param {Element} element */
  function textOf(element) {
    const text = (element.textContent ?? '').replace(/\s+/g, ' ').trim();
    return text.replace(/^Title:\s*/, '').replace(/^(\[[A-Z]{1,10}\]\s*)+/, '').slice(0, MOST_TITLE).toWellFormed();
  }

  /** @type {any} */ (globalThis).__scholium = { .../** @type {any} */ (globalThis).__scholium, listing };
})();
