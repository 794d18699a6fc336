/**
 * The PDF on the screen: PDF.js's own viewer, which draws the pages near the window and no others.
 *
 * The only file that knows PDF.js. A PDF's scripts, forms and attachments are never run: its sandbox is not even in the
 * package. Links lead to the web in tabs of their own, or within the PDF.
 */

import { extensionUrl } from '../browser.js';
import { word } from '../browser_ui.js';
import { PdfFailed } from './errors.js';

/** @import { PDFDocumentProxy } from "pdfjs-dist" */

const SILENT = 0;
const ANNOTATIONS_SHOWN = 1; // links, and forms as they look; not to be filled in
/** PDF.js's viewer asks for translations of what we say ourselves. */
const NO_WORDS = {
  getLanguage: () => 'en',
  getDirection: () => 'ltr',
  get: async () => '',
  translate: async () => undefined,
  translateOnce: async () => undefined,
  destroy: async () => undefined,
  pause: () => undefined,
  resume: () => undefined,
};

/** What happens in the view. `page`: another page is looked at. `layer`: a page's text stands on the screen. `zoom`: it was zoomed.
 * @typedef {{page: (number: number) => void, layer: (number: number) => void, zoom: () => void}} Events */

export class View {
  /** @type {any} */
  #viewer = null;
  /** @type {any} */
  #links = null;
  /** @type {PDFDocumentProxy | null} */
  #doc = null;
  /** @type {string[] | null} */
  #labels = null;

  /** @param {HTMLDivElement} container @param {Events} events */
  constructor(container, events) {
    this.container = container;
    this.events = events;
  }

  /**
   * Show a PDF.
   * @param {Uint8Array} bytes handed over to PDF.js
   * @param {(wrong: boolean) => Promise<string>} password asked for where the PDF needs one
   * @returns {Promise<PDFDocumentProxy>} raises PdfFailed
   */
  async open(bytes, password) {
    const [{ getDocument, GlobalWorkerOptions }, parts] = await libraries();
    GlobalWorkerOptions.workerSrc = extensionUrl('pdfjs/pdf.worker.min.mjs');
    const task = getDocument({
      data: bytes,
      useWasm: false,
      wasmUrl: extensionUrl('pdfjs/wasm/'),
      standardFontDataUrl: extensionUrl('pdfjs/standard_fonts/'),
      verbosity: SILENT,
    });
    task.onPassword = (/** @type {(text: string) => void} */ give, /** @type {number} */ reason) =>
      void password(reason !== 1).then(give);
    /** @type {PDFDocumentProxy} */
    const doc = await task.promise.catch(() => {
      throw new PdfFailed('pdf_broken');
    });
    this.#doc = doc;
    this.#labels = await doc.getPageLabels().catch(() => null);
    await this.#mount(parts, doc);
    return doc;
  }

  /** @param {any} parts of PDF.js's viewer @param {PDFDocumentProxy} doc */
  async #mount({ EventBus, PDFLinkService, PDFViewer, LinkTarget }, doc) {
    const eventBus = new EventBus();
    this.#links = new PDFLinkService({
      eventBus,
      externalLinkTarget: LinkTarget.BLANK,
      externalLinkRel: 'noopener noreferrer nofollow',
    });
    this.#viewer = new PDFViewer({
      container: this.container,
      viewer: this.container.firstElementChild,
      eventBus,
      linkService: this.#links,
      l10n: NO_WORDS,
      annotationMode: ANNOTATIONS_SHOWN,
      enableSelectionRendering: false,
      removePageBorders: true,
    });
    this.#links.setViewer(this.#viewer);
    const ready = new Promise((done) => eventBus.on('pagesinit', done, { once: true }));
    eventBus.on('pagechanging', (/** @type {{pageNumber: number}} */ { pageNumber }) => this.events.page(pageNumber));
    eventBus.on('scalechanging', () => this.events.zoom());
    eventBus.on('textlayerrendered', (/** @type {{pageNumber: number}} */ { pageNumber }) =>
      this.events.layer(pageNumber),
    );
    this.#viewer.setDocument(doc);
    this.#links.setDocument(doc);
    await ready;
    if (this.#labels) this.#viewer.setPageLabels(this.#labels);
    for (let page = 1; page <= doc.numPages; page += 1) {
      const { div } = this.#viewer.getPageView(page - 1);
      div.setAttribute('aria-label', word('reader_page_name', this.labelOf(page)));
    }
    this.zoom = 'page-width';
    // Fitted pages stay so when the window or the outline takes or gives room.
    new ResizeObserver(() => /^page/.test(this.zoom) && (this.zoom = this.zoom)).observe(this.container);
  }

  /** @returns {number} */
  get count() {
    return this.#doc?.numPages ?? 0;
  }

  /** @returns {number} the page in front, from 1 */
  get page() {
    return this.#viewer?.currentPageNumber ?? 1;
  }

  set page(number) {
    this.#viewer.currentPageNumber = Math.min(Math.max(1, number), this.count);
  }

  /** How the page calls itself: iv, 123. @param {number} page from 1 @returns {string} */
  labelOf(page) {
    return this.#labels?.[page - 1] || String(page);
  }

  /** @returns {string} `page-width`, `page-fit`, or a factor */
  get zoom() {
    return String(this.#viewer?.currentScaleValue ?? 'page-width');
  }

  set zoom(value) {
    this.#viewer.currentScaleValue = value;
  }

  /** @returns {number} the factor in use */
  get scale() {
    return this.#viewer?.currentScale ?? 1;
  }

  /** @param {1 | -1} way */
  step(way) {
    if (way > 0) this.#viewer.increaseScale();
    else this.#viewer.decreaseScale();
  }

  /** A page's text on the screen. @param {number} page from 1 @returns {HTMLElement | null} null where it is not drawn */
  layer(page) {
    const div = this.#viewer?.getPageView(page - 1)?.textLayer?.div;
    return div?.isConnected && !div.hidden && div.childElementCount ? div : null;
  }

  /** Where a page stands. @param {number} page from 1 @returns {HTMLElement} */
  box(page) {
    return this.#viewer.getPageView(page - 1).div;
  }

  /** Follow a place of the outline. @param {unknown} dest */
  async go(dest) {
    await this.#links.goToDestination(dest);
  }
}

/** Both parts of PDF.js; the viewer looks for the other one on the global object. @returns {Promise<[any, any]>} */
async function libraries() {
  // @ts-expect-error build.mjs puts it there
  const library = await import('/pdfjs/pdf.min.mjs');
  // @ts-expect-error build.mjs puts it there
  return [library, await import('/pdfjs/pdf_viewer.mjs')];
}
