/**
 * Reads what a page says about itself: `__scholium.collect()` in the page's isolated world.
 *
 * A classic script, for browsers inject no modules; everything hangs on one object that the page cannot see. It only
 * reads, only when the user saves, and judges nothing: what the words mean is found out on the server. Limits are the
 * contract's: 200 links, 20,000 characters of text, 512 KiB in all.
 */
(() => {
  const MOST_LINKS = 200;
  const MOST_TEXT = 20_000;
  const MOST_BYTES = 500 * 1024; // the contract's 512 KiB, less what the envelope may need
  const MOST_VALUE = 20_000; // characters of one meta: an abstract fits, an embedded image does not
  const MOST_JSONLD = 128 * 1024; // characters of one block
  const DEEPEST = 64; // levels of one block: the server reads no deeper, and browsers hand over little more

  const SKIPPED = new Set([
    'SCRIPT',
    'STYLE',
    'NOSCRIPT',
    'TEMPLATE',
    'NAV',
    'HEADER',
    'FOOTER',
    'ASIDE',
    'FORM',
    'BUTTON',
    'SELECT',
    'SVG',
    'IFRAME',
  ]);
  const TELLING_HOST =
    /(^|\.)(github\.com|gitlab\.com|bitbucket\.org|codeberg\.org|huggingface\.co|zenodo\.org|figshare\.com|osf\.io|kaggle\.com|doi\.org|arxiv\.org|ncbi\.nlm\.nih\.gov|openreview\.net|semanticscholar\.org|paperswithcode\.com|youtube\.com|youtu\.be|vimeo\.com|colab\.research\.google\.com)$|\.(github|gitlab)\.io$/;
  const TELLING_ADDRESS =
    /\.pdf($|[?#])|\/e?pdf(\/|$|\?)|\b10\.\d{4,9}\/|arxiv\.org\/|\/(code|project|dataset|demo)s?(\/|$)/i;
  const TELLING_TEXT =
    /^\W*(pdf|full text|code|source code|project( page)?|website|dataset|data|demo|video|model)\W*$/i;

  /** @typedef {import("../wire.js").Page} Page */

  /** @returns {Page} */
  function collect() {
    /** @type {Page} */
    const page = {
      title: document.title.slice(0, MOST_VALUE),
      canonical: attribute('link[rel~="canonical" i]', 'href'),
      lang: document.documentElement.lang.slice(0, 100) || null,
      content_type: document.contentType || null,
      metas: metas(),
      jsonld: jsonld(),
      links: links(),
      text: visibleText(),
    };
    return fitted(page);
  }

  /** @param {string} selector @param {string} name @returns {string | null} */
  function attribute(selector, name) {
    const value = document.querySelector(selector)?.getAttribute(name);
    return value && value.length <= 2000 ? absolute(value) : null;
  }

  /** @param {string} href @returns {string | null} */
  function absolute(href) {
    try {
      return new URL(href, document.baseURI).href;
    } catch {
      return null;
    }
  }

  /** @returns {[string, string][]} every meta in the order of the page */
  function metas() {
    /** @type {[string, string][]} */
    const found = [];
    for (const meta of document.querySelectorAll('meta[content]')) {
      const name = meta.getAttribute('name') ?? meta.getAttribute('property') ?? meta.getAttribute('itemprop');
      const content = meta.getAttribute('content') ?? '';
      if (name && content.trim() && content.length <= MOST_VALUE) found.push([name, content]);
    }
    return found;
  }

  /** @returns {object[]} the JSON-LD blocks that parse, lists taken apart */
  function jsonld() {
    return [...document.querySelectorAll('script[type="application/ld+json" i]')].flatMap((block) => {
      const text = block.textContent ?? '';
      if (text.length > MOST_JSONLD) return [];
      try {
        return [JSON.parse(text)].flat().filter((one) => one && typeof one === 'object' && !isDeeper(one, DEEPEST));
      } catch {
        return [];
      }
    });
  }

  /** @param {unknown} value @param {number} levels @returns {boolean} whether it is nested deeper than that */
  function isDeeper(value, levels) {
    if (!value || typeof value !== 'object') return false;
    return !levels || Object.values(value).some((one) => isDeeper(one, levels - 1));
  }

  /** @returns {[string, string][]} links that look like a PDF, an identifier, or a code or project host */
  function links() {
    /** @type {Map<string, string>} */
    const found = new Map();
    for (const link of document.querySelectorAll('a[href]')) {
      const href = absolute(link.getAttribute('href') ?? '');
      const text = (link.textContent ?? '').replace(/\s+/g, ' ').trim().slice(0, 200);
      if (href && href.length <= 2000 && !found.has(href) && isTelling(href, text)) found.set(href, text);
      if (found.size === MOST_LINKS) break;
    }
    return [...found];
  }

  /** @param {string} href @param {string} text */
  function isTelling(href, text) {
    const url = new URL(href);
    if (url.protocol !== 'https:' && url.protocol !== 'http:') return false;
    if (url.href.split('#')[0] === document.URL.split('#')[0]) return false;
    return TELLING_HOST.test(url.hostname) || TELLING_ADDRESS.test(href) || TELLING_TEXT.test(text);
  }

  /** @returns {string} what a reader sees from the top of the main content */
  function visibleText() {
    const root = document.querySelector('main, [role=main], article') ?? document.body;
    if (!root) return '';
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT, (node) => {
      const element = node instanceof Element ? node : null;
      const hidden =
        element && (SKIPPED.has(element.tagName.toUpperCase()) || element.matches('[hidden], [aria-hidden=true]'));
      return hidden ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT;
    });
    let text = '';
    while (walker.nextNode() && text.length < 2 * MOST_TEXT) {
      const { nodeType, nodeValue } = walker.currentNode;
      text += nodeType === Node.TEXT_NODE ? nodeValue : ' ';
    }
    return text.replace(/\s+/g, ' ').trim().slice(0, MOST_TEXT);
  }

  /** Leaves out the bulkiest parts until the page may be sent. @param {Page} page @returns {Page} */
  function fitted(page) {
    const safe = /** @type {Page} */ (wellFormed(page));
    for (const part of /** @type {const} */ (['jsonld', 'links', 'text', 'metas'])) {
      if (new TextEncoder().encode(JSON.stringify(safe)).length <= MOST_BYTES) break;
      if (part === 'text') safe.text = safe.text.slice(0, 2000);
      else if (part === 'metas') safe.metas = safe.metas.filter((meta) => meta.join('').length <= 1000).slice(0, 50);
      else safe[part] = [];
    }
    return safe;
  }

  /** Takes out what no database keeps: NUL, and halves of characters. @param {unknown} value @returns {unknown} */
  function wellFormed(value) {
    if (typeof value === 'string') return value.replaceAll('\0', '').toWellFormed();
    if (Array.isArray(value)) return value.map(wellFormed);
    if (!value || typeof value !== 'object') return value;
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [wellFormed(name), wellFormed(one)]));
  }

  /** @type {any} */ (globalThis).__scholium = { .../** @type {any} */ (globalThis).__scholium, collect };
})();
