/**
 * What the extension's tests share: a fresh IndexedDB each, a server written by hand that can misbehave, and a page.
 */

import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';

import { add } from '../../extension/src/outbox.js';
import { adopt } from '../../extension/src/mirror.js';
import { openDatabase } from '../../extension/src/db.js';
import { newId } from '../../extension/src/ids.js';
import { namesOf } from '../../extension/src/names.js';
import { sync } from '../../extension/src/sync.js';
import { NOW } from './fake_server.mjs';

const need = createRequire(new URL('../../extension/package.json', import.meta.url));
export const { IDBFactory } = need('fake-indexeddb');
const { JSDOM } = need('jsdom');

export { FakeServer } from './fake_server.mjs';

export const LIBRARY = '0199a000-0000-7000-8000-000000000001';
export const DEVICE = '0199a000-0000-7000-8000-00000000000d';
export { NOW };
export const ARXIV = 'https://arxiv.org/abs/2401.01234';

/** A database of this test's own; `again()` opens the same one as a restarted worker would. */
export async function makeDevice({ device = DEVICE, library = LIBRARY, paired = true } = {}) {
  const factory = new IDBFactory();
  const again = () => openDatabase('scholium', factory);
  const db = await again();
  if (paired) await adopt(db, { library_id: library, device_id: device });
  return { db, again, device, library };
}

/** The wish to save a page, as `save.js` makes it. */
export function saveWish(url = ARXIV, { title = 'A Paper', key = newId(), page = undefined } = {}) {
  const set = { saved_from: page ? { url, page } : { url }, saved_at: '2026-11-18T00:00:00.000Z', status: 'to_read' };
  return { type: 'entry', key, op: 'put', set, hint: { names: namesOf(url), title, authors: ['Ada Lovelace'] } };
}

/** Keep a save and return its entry's key. */
export async function save(db, url, options) {
  const wish = saveWish(url, options);
  await add(db, [wish], NOW);
  return wish.key;
}

/** One run of sync at the fixed time, with every waiting time skipped. */
export async function syncOnce(db, server, device = DEVICE) {
  return sync({ db, remote: server.remote(device), now: () => NOW, random: () => 0.5 }, true);
}

/** Let the windows' sentences be those of `_locales`, as a browser does. */
export function speak(locale = 'en') {
  const words = JSON.parse(readFileSync(new URL(`../../extension/_locales/${locale}/messages.json`, import.meta.url)));
  const getMessage = (name, parts = []) => {
    const { message = '', placeholders = {} } = words[name] ?? {};
    return message.replace(/\$(\w+)\$/g, (_, place) => parts[placeholders[place.toLowerCase()].content.slice(1) - 1]);
  };
  globalThis.chrome = { ...globalThis.chrome, i18n: { getMessage } };
}

speak(); // errors have their sentences from there too

/** The scripts that find highlights in a page, in the order in which they are injected. */
export const ANCHOR = ['text', 'grams', 'align', 'match', 'anchor'];

/** A page with the extension's classic scripts in it. */
export function makePage(html, { url = ARXIV, scripts = [], globals = {} } = {}) {
  const dom = new JSDOM(html, { url, runScripts: 'outside-only' });
  Object.assign(dom.window, { TextEncoder, ...globals });
  for (const name of scripts) {
    dom.window.eval(readFileSync(new URL(`../../extension/src/page/${name}.js`, import.meta.url), 'utf8'));
  }
  return { window: dom.window, document: dom.window.document, scholium: dom.window.__scholium };
}
