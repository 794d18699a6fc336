/**
 * Headers that go with every request to the library's server, for a proxy before it that asks for its own key.
 *
 * Kept on this device with the one origin that they are for, and sent nowhere else. Refuses headers that the browser or
 * the extension itself sets.
 */

import { store, stored } from './browser.js';
import { ScholiumError } from './errors.js';

const MOST = 8;
const LONGEST = 4096; // characters of a value
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/; // RFC 9110 5.6.2
const TEXT = /^[\x20-\x7e]+$/;
const OURS =
  /^(accept|authorization|connection|content-.*|cookie2?|date|expect|host|keep-alive|origin|referer|te|trailer|transfer-encoding|upgrade|user-agent|via|x-request-id|proxy-.*|sec-.*|access-control-.*)$/i;

/** @typedef {[string, string]} Header its name and its value */

/**
 * @param {string} url of a request, or any address of the server
 * @returns {Promise<Header[]>} those that go with it
 */
export async function headersFor(url) {
  const kept = await stored('local', 'headers');
  return kept && kept.origin === new URL(url).origin ? kept.list : [];
}

/**
 * Send one more header with each request, in the place of one of its name. Headers of another origin are forgotten.
 * @param {string} server
 * @param {string} name
 * @param {string} value
 */
export async function keepHeader(server, name, value) {
  const [called, said] = [name.trim(), value.trim()];
  if (!TOKEN.test(called)) throw new ScholiumError('header_name', 'bad_header');
  if (OURS.test(called)) throw new ScholiumError('header_ours', 'bad_header', called);
  if (!TEXT.test(said) || said.length > LONGEST) throw new ScholiumError('header_value', 'bad_header', String(LONGEST));
  const others = (await headersFor(server)).filter(([one]) => one.toLowerCase() !== called.toLowerCase());
  if (others.length >= MOST) throw new ScholiumError('headers_many', 'bad_header', String(MOST));
  await keep(server, [...others, [called, said]]);
}

/** @param {string} server @param {string} name */
export async function dropHeader(server, name) {
  await keep(server, (await headersFor(server)).filter(([one]) => one !== name));
}

/** @param {string} server @param {Header[]} list */
async function keep(server, list) {
  await store('local', 'headers', { origin: new URL(server).origin, list });
}
