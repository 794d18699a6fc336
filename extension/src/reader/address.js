/**
 * Which PDF a tab shows: the reader's own address names it, so that every window knows the paper by the tab alone.
 *
 * Pure. A file of this computer has no address; it is called by its fingerprint, `urn:x-pdf:…`, as other tools of
 * annotation do, and is known by that on every device that opens the same file.
 */

const READER = /^(?:chrome|moz)-extension:\/\/[^/]+\/src\/reader\/reader\.html(?:[?#]|$)/;
const LOCAL = /^urn:x-pdf:([0-9a-f]{1,128})$/;
const PDF_PATH = /\.pdf$|(?:^|\/)(?:e?pdf|pdfdirect|pdfft|stampPDF|content\/pdf)(?:\/|$)/i;

/**
 * The reader's page for a PDF, from the extension's root.
 * @param {string} [pdf] its address; none where a file is to be chosen
 * @returns {string}
 */
export function readerPath(pdf) {
  return `src/reader/reader.html${pdf ? `?file=${encodeURIComponent(pdf)}` : ''}`;
}

/** @param {string | undefined} url a tab's @returns {boolean} whether it is the reader */
export function isReader(url) {
  return READER.test(url ?? '');
}

/**
 * What a tab shows to the person in front of it: in the reader the PDF, else the page.
 * @param {string} url a tab's
 * @returns {string} empty for a reader that shows nothing yet
 */
export function shownAddress(url) {
  return isReader(url) ? (new URL(url).searchParams.get('file') ?? '') : url;
}

/** What a file without an address is called. @param {string} fingerprint of the PDF, in hex @returns {string} */
export function localName(fingerprint) {
  return `urn:x-pdf:${fingerprint.toLowerCase()}`;
}

/**
 * The fingerprint in the name of a file without an address.
 * @param {string} address
 * @returns {string | null} null for all other addresses
 */
export function fingerprintIn(address) {
  return LOCAL.exec(address)?.[1] ?? null;
}

/**
 * Whether an address is likely a PDF's; only its bytes can say.
 * @param {string} url
 * @returns {boolean}
 */
export function seemsPdf(url) {
  const address = URL.parse(url);
  return Boolean(address && /^https?:$/.test(address.protocol) && PDF_PATH.test(address.pathname));
}
