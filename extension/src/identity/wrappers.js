/**
 * Addresses that wrap another one: viewers, library proxies, redirect pages. The paper is the one inside.
 *
 * The same forms as on the server (`api/domain/wrappers.py`); a `url=` on any other site stays what it is.
 */

import { parseAddress, parted, unescaped } from './address.js';

const DEEPEST = 5;
const PREFIX = /^(?:blob|view-source):/i;
const VIEWER = /^(?:[a-z-]*extension|resource|about|edge|read):/i;
const INSIDE = /https?(?::\/\/|%3a%2f%2f).*/is;
const WEB_VIEWER = /^.*\/viewer\.html$/is;
const LOGIN = /^(?:.*\/)?login(?:\.aspx|\.php)?\/?$/is;
const NAMED = /[?&](?:q?url|file|src|pdf|pdfurl|q)=(https?(?::\/\/|%3a%2f%2f).*)/is;
const BEHIND_PROXY = /^(.+?)\.[a-z0-9-]*(?:proxy|ezp|oclc|remotexs|webvpn)[a-z0-9-]*\..+$/s;
const ZERO_PROXY = /^0-(.+?(?:[.-](?:com|org|net|edu|gov)))\..+$/s;
const ORIGIN =
  /^[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:com|org|net|edu|gov|io|co|ai|info|press|cc|science|int|eu|ac|uk|de|fr|ch|nl|se|cn|jp)$/;

/**
 * The address inside viewers and proxies, up to five layers deep; the text itself where there is none.
 * @param {string} text
 * @returns {string}
 */
export function unwrapped(text) {
  let address = text;
  for (let depth = 0; depth < DEEPEST; depth += 1) {
    const inside = inner(address);
    if (inside === null) return address;
    address = inside;
  }
  return address;
}

/** @param {string} text */
function inner(text) {
  if (PREFIX.test(text)) return text.replace(PREFIX, '');
  if (VIEWER.test(text)) return named(text) ?? found(text);
  let address;
  try {
    address = parseAddress(text);
  } catch {
    return null;
  }
  const path = unescaped(address.path);
  const redirect =
    WEB_VIEWER.test(path) ||
    LOGIN.test(path) ||
    (/^(?:scholar\.)?google\./.test(address.site) && ['/url', '/scholar_url'].includes(path));
  return (redirect ? named(text) : null) ?? proxied(address.host, text);
}

/**
 * The address in a `url=` or `file=`, escaped as a value or, as many proxies have it, bare up to the end.
 * @param {string} text
 */
function named(text) {
  const value = NAMED.exec(text)?.[1];
  if (value === undefined) return null;
  return /^https?:\/\//i.test(value) ? value : unescaped(parted(value, '&')[0]);
}

/** @param {string} text */
function found(text) {
  const value = INSIDE.exec(text)?.[0];
  if (value === undefined) return null;
  return value.slice(0, 8).includes('://') ? value : unescaped(value);
}

/**
 * The address behind `host-with-dashes.proxy.example`, `host.proxy.example` or `0-host.example`.
 * @param {string} host
 * @param {string} text
 */
function proxied(host, text) {
  const outer = (BEHIND_PROXY.exec(host) ?? ZERO_PROXY.exec(host))?.[1];
  if (outer === undefined) return null;
  for (const candidate of [parted(outer, '.')[0].replace(/-+/g, dotted), outer]) {
    if (ORIGIN.test(candidate)) return `https://${candidate}${text.replace(/^[^:]*:[/\\]*[^/?#\\]*/, '')}`;
  }
  return null;
}

/**
 * Proxies write a dot as `-` and a dash as `--`.
 * @param {string} dashes
 */
function dotted(dashes) {
  return { 1: '.', 2: '-' }[dashes.length] ?? dashes;
}
