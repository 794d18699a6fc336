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
const LOGIN = /^(?:.*\/)?(?:login(?:\.aspx|\.php)?|_auth)\/?$/is;
const REDIRECT =
  /^(?:.*\/)?(?:l|l\.php|url|scholar_url|redir|redirect|redirector(?:\/.*)?|away(?:\.php)?|link|linkfilter|goto|out|leave|safety\/go|authorize|viewer|gview|translate)\/?$/is;
const REDIRECT_HOST = /^(?:.*\.safelinks\.protection\.outlook\.com|l\.instagram\.com|out\.reddit\.com)$/s;
const NAMED =
  /[?&](?:q?url|file|src|pdf|pdfurl|q|u|to|z|uddg|dest|destination|redirect_ur[il]|return_?(?:url|to))=(https?(?::\/\/|%3a%2f%2f).*)/is;
const NAMED_BARE = /[?&]q?url=((?:[a-z0-9-]+\.)+[a-z]{2,}\/.+)/is;
// Archives' and readers' copies, which have the whole address in their path
const COPY =
  /^https?:\/\/(?:web\.archive\.org|archive\.(?:ph|is|today|li|md|vn|fo)|r\.jina\.ai|via\.hypothes\.is|12ft\.io)\/(?:[^?#]*?\/)?(https?):\/{1,2}(.+)$/is;
const AMP =
  /^https?:\/\/(?:(?:www\.)?google\.[a-z.]+\/amp|[a-z0-9-]+\.cdn\.ampproject\.org\/[a-z])\/(?:s\/)?(.+)$/is;
const DEFENSE = /^https?:\/\/urldefense\.(?:proofpoint\.)?com\/v3\/__(https?):\/{1,2}(.+?)__;.*$/is;
const OLD_DEFENSE = /^https?:\/\/urldefense\.proofpoint\.com\/v[12]\/url\?(?:.*&)?u=([^&]+).*$/is;
const BEHIND_PROXY = /^(.+?)\.(?:[a-z0-9-]*(?:proxy|ezp|oclc|remotexs|vpn|lib|bib|myaccess)[a-z0-9-]*\..+|translate\.goog)$/s;
const SERVICE = /-(?:s|\d{2,5})$/; // `www-example-com-s`: https, or a port
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
  const address = parsed(text);
  if (address === null) return null;
  const copy = copied(text);
  if (copy !== null && parsed(copy)) return copy;
  const path = unescaped(address.path);
  return redirected(address.host, path, text) ?? proxied(address.host, text);
}

/** @param {string} text */
function parsed(text) {
  try {
    return parseAddress(text);
  } catch {
    return null;
  }
}

/**
 * @param {string} host
 * @param {string} path
 * @param {string} text
 */
function redirected(host, path, text) {
  if (LOGIN.test(path)) {
    const bare = NAMED_BARE.exec(text)?.[1];
    return named(text) ?? (bare === undefined ? null : `https://${bare}`);
  }
  if (WEB_VIEWER.test(path)) return named(text);
  return REDIRECT.test(path) || REDIRECT_HOST.test(host) ? named(text, true) : null;
}

/**
 * The address that stands whole in the path of an archive, a reader, an AMP cache or a mail filter.
 * @param {string} text
 */
function copied(text) {
  const whole = COPY.exec(text) ?? DEFENSE.exec(text);
  if (whole) return `${whole[1]}://${whole[2]}`;
  const amp = AMP.exec(text);
  if (amp) return `https://${amp[1]}`;
  const old = OLD_DEFENSE.exec(text);
  return old && unescaped(old[1].replaceAll('-', '%').replaceAll('_', '/'));
}

/**
 * The address in a `url=` or `file=`, escaped as a value or, as many proxies have it, bare up to the end.
 * @param {string} text
 * @param {boolean} [ends] whether the parameters after a bare one are those of the redirect
 */
function named(text, ends = false) {
  const all = NAMED.exec(text)?.[1];
  if (all === undefined) return null;
  const value = ends ? parted(all, '&')[0] : all;
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
  const outer = (BEHIND_PROXY.exec(host) ?? ZERO_PROXY.exec(host))?.[1].replace(/^0-/, '');
  if (outer === undefined) return null;
  const label = parted(outer, '.')[0];
  for (const candidate of [label.replace(/-+/g, dotted), label.replace(SERVICE, '').replace(/-+/g, dotted), outer]) {
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
