/**
 * Which addresses may be a library's server: https anywhere, http only on this very machine.
 *
 * Anything else would send tokens and reading habits over the wire in the clear.
 */

import { word } from './browser_ui.js';
import { BadServer, NetworkFailed, sentence } from './errors.js';

const LOOPBACK = new Set(['localhost', '127.0.0.1']);

/**
 * The server's base address as the user may have typed it.
 * @param {string} text with or without scheme; a path is kept
 * @returns {string} without a slash at the end; raises BadServer
 */
export function serverBase(text) {
  const typed = text.trim();
  const url = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(typed) ? typed : `${schemeFor(typed)}://${typed}`);
  if (!url?.hostname) throw new BadServer('no_address');
  if (url.username || url.password) throw new BadServer('password_in_address');
  if (url.protocol === 'http:' && !LOOPBACK.has(url.hostname)) {
    throw new BadServer('no_https');
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw new BadServer('no_web_address');
  }
  return url.origin + url.pathname.replace(/\/+$/, '');
}

/**
 * The host permission that a base address needs. Ports are left out: Firefox knows none in patterns.
 * @param {string} base
 * @returns {string} a match pattern
 */
export function hostPattern(base) {
  const url = new URL(base);
  return `${url.protocol}//${url.hostname}/*`;
}

/**
 * The match pattern of a site that the user typed, for the badge.
 * @param {string} text `arxiv.org`, `https://arxiv.org/abs/…`
 * @returns {string} raises BadServer
 */
export function sitePattern(text) {
  const typed = text.trim();
  const url = URL.parse(/^https?:\/\//i.test(typed) ? typed : `https://${typed}`);
  if (!url?.hostname || (!url.hostname.includes('.') && !LOOPBACK.has(url.hostname))) {
    throw new BadServer('no_site');
  }
  return `${url.protocol}//${url.hostname}/*`;
}

/**
 * Why no connection came about, with what the user may do about it.
 * @param {unknown} error
 * @param {string} base
 * @returns {string}
 */
export function connectTrouble(error, base) {
  const walled = error instanceof NetworkFailed && base.startsWith('http:');
  return walled ? `${sentence(error)} ${word('https_only')}` : sentence(error);
}

/** @param {string} typed */
function schemeFor(typed) {
  return LOOPBACK.has(typed.split(/[:/]/)[0]) ? 'http' : 'https';
}
