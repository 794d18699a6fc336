/**
 * The way into the reader: from the popup of a tab, and from the context menu of a PDF or of a link to one.
 *
 * Refuses to guess that a page is a PDF against its address: a wrong offer would open a reader on a web page.
 */

import { extensionUrl } from '../browser.js';
import { openTab, word } from '../browser_ui.js';
import { readerPath, seemsPdf, shownAddress } from './address.js';

/** @import { Shelved } from "../views.js" */

const PATTERNS = ['*://*/*.pdf', '*://*/*.pdf?*', '*://*/pdf/*', '*://*/*/pdf/*', '*://*/*/epdf/*', 'file://*/*.pdf'];

/** @returns {chrome.contextMenus.CreateProperties[]} the reader's part of the context menu */
export function readerMenus() {
  const title = word('menu_read');
  return [
    { id: 'read-pdf', title, contexts: ['page', 'frame'], documentUrlPatterns: PATTERNS },
    { id: 'read-pdf-link', title, contexts: ['link'], targetUrlPatterns: PATTERNS },
  ];
}

/**
 * Do what a menu entry of the reader's says.
 * @param {string} wish the entry's id
 * @param {string | undefined} page the address of the page that was clicked on
 * @param {string | undefined} link
 * @returns {Promise<void> | null} null for other entries
 */
export function obeyReaderMenu(wish, page, link) {
  if (wish === 'read-pdf-link') return openReader(link ?? '');
  return wish === 'read-pdf' ? openReader(page ?? '') : null;
}

/**
 * Open the reader in a tab of its own.
 * @param {string} pdf an address; one that is not of the web leads to a reader where the file is chosen
 */
export async function openReader(pdf) {
  const address = shownAddress(pdf);
  await openTab(extensionUrl(readerPath(/^https?:\/\//i.test(address) ? address : '')));
}

/**
 * Offer the reader by a button, where there is something to read.
 * @param {HTMLElement} button @param {string} url the tab's @param {Shelved | null} shelved its paper
 */
export function offerReading(button, url, shelved) {
  const pdf = pdfFor(url, shelved);
  button.hidden = !pdf;
  button.onclick = () => void openReader(pdf ?? '').then(() => window.close());
}

/**
 * The PDF to read where this tab is looked at.
 * @param {string} url the tab's
 * @param {Shelved | null} shelved its paper
 * @returns {string | null} null where there is none, or it is being read already
 */
export function pdfFor(url, shelved) {
  if (shownAddress(url) !== url) return null;
  if (seemsPdf(url)) return url;
  const arxiv = shelved?.names.find((one) => one.startsWith('arxiv:'))?.slice('arxiv:'.length);
  return shelved?.pdf ?? (arxiv ? `https://arxiv.org/pdf/${arxiv}` : null);
}
