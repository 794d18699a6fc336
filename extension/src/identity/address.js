/**
 * A web address, taken apart exactly as the server does it (`api/domain/web_address.py`).
 *
 * `URL` is not used: it repairs odd addresses in its own way, and a paper must have one identity on both sides.
 */

const LONGEST = 8192;
const LONGEST_HOST = 253;

const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]|\p{Surrogate}/u;
const ADDRESS = /^(https?):\/\/([^/?#]*)([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/is;
const AUTHORITY = /^([a-z0-9_\u00a1-\uffff.-]+|\[[0-9a-f:.]+\])(?::([0-9]{0,5}))?$/;
const LABELS = /^[^.]+(?:\.[^.]+)*$/;
const TO_ESCAPE = /%(?:[0-9A-Fa-f]{2})?|[^!$&-;=?-Z_a-z~@[\]#]/gu;
const MIRROR_LABEL = /^(?:www[0-9]*|m|mobile|amp)\.(?=[^.]+\.)/;
const SESSION = /;(?:jsessionid|phpsessid)=[^/]*/gi;
const TRACKER = new RegExp(
  '^(?:utm_.*|mc_[ce]id|__?hs[a-z]+|hsctatracking|_g[al]|_x_tr_.*' +
    '|(?:pk|mtm|piwik)_(?:campaign|kwd|keyword|source|medium|content)|fbclid|gclid|dclid|gbraid|wbraid|msclkid|yclid|igshid|twclid|ttclid' +
    '|mkt_tok|ref_src|ref_url|vero_id|oly_(?:enc|anon)_id|cmpid|s_cid|srsltid' +
    '|sessionid|jsessionid|phpsessid|aspsessionid.*|cfid|cftoken)$',
  'is',
);
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Neither a web address nor an identifier that we know: an Error with `code` `bad_url`. */
export class BadUrl extends Error {
  code = 'bad_url';
}

/** The parts of an http(s) address; `host` in lower case without user and default port, the rest as written. */
export class Address {
  /**
   * @param {string} scheme
   * @param {string} host
   * @param {string} port
   * @param {string} path
   * @param {string} query
   * @param {string} fragment
   */
  constructor(scheme, host, port, path, query, fragment) {
    this.host = host;
    this.path = path;
    this.query = query;
    this.fragment = fragment;
    /** The host without `www.` or `m.`, which never tell two papers apart. */
    this.site = host.replace(MIRROR_LABEL, '');
    const origin = port ? `:${port}` : '';
    const kept = query.split('&').filter((pair) => pair && !TRACKER.test(pair.split('=', 1)[0]));
    const rest =
      (kept.length ? `?${escaped(kept.join('&'))}` : '') + (/^[!/]/.test(fragment) ? `#${escaped(fragment)}` : '');
    const clean = escaped(path);
    /** The address to open: no fragment (but for `#!` and `#/` routes), no trackers, one spelling of escapes. */
    this.page = `${scheme}://${host}${origin}${clean || '/'}${rest}`;
    const folded = clean.replace(/(?<!:)\/{2,}/g, '/').replace(/\/+$/, '') || '/';
    /** The value of scheme `url`: like `page`, and the same for http, `www.` and a slash at the end. */
    this.key = `https://${this.site}${origin}${folded}${rest}`;
  }

  /**
   * The decoded value of a query parameter, or the empty text.
   * @param {string} name
   * @returns {string}
   */
  parameter(name) {
    for (const pair of this.query.split('&')) {
      const [key, value] = parted(pair, '=');
      if (lower(key) === name) return unescaped(value.replaceAll('+', ' '));
    }
    return '';
  }
}

/**
 * The address in a text that is one; BadUrl for anything else.
 * @param {string} text
 * @returns {Address}
 */
export function parseAddress(text) {
  const cut = text.search(/[?#]/);
  const head = cut < 0 ? text : text.slice(0, cut);
  const match = ADDRESS.exec(head.replaceAll('\\', '/') + text.slice(head.length));
  if (!match) throw new BadUrl('not a web address');
  const [, , authority, path, query = '', fragment = ''] = match;
  const scheme = lower(match[1]);
  const found = AUTHORITY.exec(lower(authority.slice(authority.lastIndexOf('@') + 1)));
  if (!found) throw new BadUrl('not a web address: no host');
  const host = found[1].replace(/\.$/, '');
  if (!LABELS.test(host) || [...host].length > LONGEST_HOST) throw new BadUrl('not a web address: no host');
  const port = found[2] === (scheme === 'http' ? '80' : '443') ? '' : (found[2] ?? '');
  return new Address(scheme, host, port, path.replace(SESSION, ''), query, fragment);
}

/**
 * The text without space around it; BadUrl when it is empty, too long, or holds control characters.
 * @param {string} text
 * @returns {string}
 */
export function checkedText(text) {
  if (typeof text !== 'string' || [...text].length > LONGEST) throw new BadUrl(`longer than ${LONGEST} characters`);
  const trimmed = text.replace(/^[ \t\r\n]+/, '').replace(/[ \t\r\n]+$/, '');
  if (!trimmed || UNSAFE.test(trimmed)) throw new BadUrl('empty, or with control characters');
  return trimmed;
}

/**
 * ASCII letters in lower case and nothing else changed.
 * @param {string} text
 * @returns {string}
 */
export function lower(text) {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/**
 * Percent escapes decoded once, as UTF-8; a run that is not UTF-8 stays as it is.
 * @param {string} text
 * @returns {string}
 */
export function unescaped(text) {
  return text.replace(/(?:%[0-9A-Fa-f]{2})+/g, (run) => {
    const bytes = Uint8Array.from(run.slice(1).split('%'), (pair) => Number.parseInt(pair, 16));
    try {
      return utf8.decode(bytes);
    } catch {
      return run;
    }
  });
}

/**
 * The parts before and after the first mark.
 * @param {string} text
 * @param {string} mark
 * @returns {[string, string]}
 */
export function parted(text, mark) {
  const at = text.indexOf(mark);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + mark.length)];
}

/**
 * One spelling: unreserved characters plain, all others escaped with capital hex, a stray % as %25.
 * @param {string} text
 * @returns {string}
 */
function escaped(text) {
  return text.replace(TO_ESCAPE, (found) => {
    if (found === '%') return '%25';
    if (found[0] !== '%') {
      return [...new TextEncoder().encode(found)]
        .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)
        .join('');
    }
    const plain = String.fromCharCode(Number.parseInt(found.slice(1), 16));
    return /^[A-Za-z0-9._~-]$/.test(plain) ? plain : found.toUpperCase();
  });
}
