/**
 * Where a PDF's bytes come from: the web, once the user has granted the site, or a file of this computer.
 *
 * The only file that asks a site for a PDF; nothing else leaves with the question but the cookies that the site set for
 * itself. Refuses what is no PDF and what is over 200 MB, before PDF.js sees it.
 */

import { PdfFailed } from './errors.js';

export const MOST_BYTES = 200 * 1024 * 1024;
const HEADER = '%PDF-';
const MOST_BEFORE = 1024; // bytes that may stand before the header (ISO 32000-1, Annex H)

/**
 * The bytes of a PDF on the web.
 * @param {string} url
 * @param {(share: number | null) => void} tell from 0 to 1, null where the size is unknown
 * @returns {Promise<Uint8Array>} raises PdfFailed
 */
export async function fetchPdf(url, tell) {
  const answer = await answerOf(url);
  if (!answer.ok || !answer.body) throw new PdfFailed('pdf_refused', String(answer.status));
  const size = Number(answer.headers.get('content-length')) || null;
  if (size && size > MOST_BYTES) throw new PdfFailed('pdf_too_large');
  const pieces = [];
  let got = 0;
  const reader = answer.body.getReader();
  for (let next = await read(reader); next; next = await read(reader)) {
    got += next.length;
    if (got > MOST_BYTES) {
      await reader.cancel();
      throw new PdfFailed('pdf_too_large');
    }
    pieces.push(next);
    tell(size && Math.min(1, got / size));
  }
  return checked(joined(pieces, got));
}

/** @param {string} url */
async function answerOf(url) {
  try {
    return await fetch(url, { credentials: 'include', referrerPolicy: 'no-referrer' });
  } catch {
    // The policy of the extension's pages forbids plain http, but for this machine.
    const plain = url.startsWith('http:');
    throw new PdfFailed(plain ? 'pdf_unsafe' : 'pdf_unreachable');
  }
}

/** @param {ReadableStreamDefaultReader<Uint8Array>} reader @returns {Promise<Uint8Array | undefined>} undefined at the end */
async function read(reader) {
  try {
    return (await reader.read()).value;
  } catch {
    throw new PdfFailed('pdf_unreachable');
  }
}

/** @param {Uint8Array[]} pieces @param {number} length */
function joined(pieces, length) {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/**
 * The bytes of a file that the user chose or dropped.
 * @param {File} file
 * @returns {Promise<Uint8Array>} raises PdfFailed
 */
export async function readFile(file) {
  if (file.size > MOST_BYTES) throw new PdfFailed('pdf_too_large');
  try {
    return checked(new Uint8Array(await file.arrayBuffer()));
  } catch (error) {
    throw error instanceof PdfFailed ? error : new PdfFailed('pdf_broken');
  }
}

/** @param {Uint8Array} bytes @returns {Uint8Array} raises PdfFailed */
export function checked(bytes) {
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, MOST_BEFORE + HEADER.length));
  if (!head.includes(HEADER)) throw new PdfFailed('pdf_not_pdf');
  return bytes;
}
