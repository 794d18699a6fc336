/**
 * The reader: a PDF in a tab of the extension, highlighted as a web page is.
 *
 * To the popup, the panel and the background it is a page like any other: its address names the PDF (`address.js`), and
 * it answers what they ask of pages (`ask.js`). Every change goes into the outbox first; only the PDF's bytes need a network.
 */

import { hasHosts, send, stayInTouch } from '../browser.js';
import { fillWords, openPanel, ownTab, word } from '../browser_ui.js';
import { database } from '../db.js';
import { PaperUnknown, sentence } from '../errors.js';
import { showHighlights } from '../highlights.js';
import { identify } from '../identity.js';
import { giveToolbar, obeyToolbar, wishIn } from '../marker.js';
import { listen, tell } from '../news.js';
import { lookUp, savePage } from '../save.js';
import { hostPattern } from '../server.js';
import { pageOf, titleOf } from './about.js';
import { fingerprintIn, localName, readerPath, shownAddress } from './address.js';
import { serve } from './ask.js';
import { Bar, el } from './bar.js';
import { fetchPdf, readFile } from './bytes.js';
import { Cover } from './cover.js';
import { Find } from './find.js';
import { Layers } from './layers.js';
import { Marks } from './marks.js';
import { drawOutline } from './outline.js';
import { textOf } from './text.js';
import { View } from './view.js';

/** @import { PDFDocumentProxy } from "pdfjs-dist" */
/** @import { Tab } from "../browser.js" */
/** @import { Page } from "../wire.js" */
/** @import { Said } from "./about.js" */

const PAGE_KEPT = 'page'; // in this tab, for a reload

/** @type {Marks | null} */
let marks = null;
/** @type {Promise<Marks> | null} The PDF's text is being read, or was. */
let reading = null;
/** @type {Said} */
let said = { info: {}, metadata: null };
/** The paper of a file as the user named it. */
let named = '';
let trouble = '';

const view = new View(/** @type {HTMLDivElement} */ (el('container')), {
  page: (number) => {
    sessionStorage.setItem(PAGE_KEPT, String(number));
    bar.drawPage();
  },
  layer: (number) => marks?.drawn(number),
  zoom: () => bar.drawZoom(),
});
const bar = new Bar(view, { find: () => void reading?.then(() => find?.open()), outline: () => toggle('outline') });
const cover = new Cover({ load: (address) => void load(() => fetchPdf(address, tellShare)), open: (file) => void load(() => readFile(file)) });
/** @type {Find | null} */
let find = null;

fillWords();
stayInTouch();
const tab = await ownTab();
serve(Number(tab.id), {
  collect: async () => ((await reading) ? aboutThis() : null),
  describe: async () => (await ready()).describe(),
  paint: async (/** @type {any} */ wishes) => (await ready()).paint(wishes),
  show: async (/** @type {string} */ key) => (await ready()).show(key),
  toolbar: (/** @type {any} */ words) => /** @type {any} */ (globalThis).__scholium.toolbar(words, obey),
});
el('save').addEventListener('click', () => void save());
el('panel').addEventListener('click', () => void openPanel(tab));
el('which').addEventListener('submit', (event) => {
  event.preventDefault();
  void name(/** @type {HTMLInputElement} */ (el('paper')).value);
});
el('find-close').addEventListener('click', () => find?.close());
el('previous').addEventListener('click', () => find?.step(-1));
listen(() => void refresh());
void begin();

/** @returns {Tab} this tab as it is now: a file gets its name once it is open */
function here() {
  return { ...tab, url: location.href, title: document.title };
}

/** @returns {Promise<Marks>} raises where no PDF is open */
function ready() {
  if (!reading) throw new Error('No PDF is open.');
  return reading;
}

async function begin() {
  const address = shownAddress(location.href);
  if (!/^https?:\/\//i.test(address)) return cover.show(word(address ? 'reader_start_again' : 'reader_start'));
  if (await hasHosts([hostPattern(address)])) return load(() => fetchPdf(address, tellShare));
  cover.show(word('reader_ask', new URL(address).host), address);
}

/** @param {() => Promise<Uint8Array>} bytes */
async function load(bytes) {
  cover.hide();
  say(word('reader_opening'));
  try {
    const doc = await view.open(await bytes(), (wrong) => cover.password(wrong));
    cover.hide();
    if (!shownAddress(location.href)) takeName(doc);
    reading = read(doc);
    await show(doc);
    await reading;
    say(marks?.layers.whole.text.trim() ? '' : word('reader_no_text'));
    await giveToolbar(await database(), here());
  } catch (error) {
    cover.show(sentence(error));
  }
  await refresh();
  tell(); // a panel that asked too early asks again
}

/** A file without an address is called by its fingerprint, in this tab's address too. @param {PDFDocumentProxy} doc */
function takeName(doc) {
  history.replaceState(null, '', `/${readerPath(localName(String(doc.fingerprints[0])))}`);
}

/** @param {PDFDocumentProxy} doc */
async function show(doc) {
  said = /** @type {any} */ (await doc.getMetadata().catch(() => said));
  await bar.show();
  const wanted = Number(sessionStorage.getItem(PAGE_KEPT)) || Number(/[#&]page=(\d+)/.exec(shownAddress(location.href))?.[1]);
  if (wanted > 1) view.page = wanted;
  const lines = await doc.getOutline().catch(() => null);
  el('outline-button').hidden = !drawOutline(el('lines'), lines, view);
  el('container').focus(/** @type {any} */ ({ focusVisible: false }));
}

/** Read the text of all pages. @param {PDFDocumentProxy} doc @returns {Promise<Marks>} */
async function read(doc) {
  const pages = [];
  for (let number = 1; number <= doc.numPages; number += 1) {
    if (number % 10 === 0) say(word('reader_reading', String(number), String(doc.numPages)));
    const page = await doc.getPage(number);
    const { items } = await page.getTextContent({ includeMarkedContent: true, disableNormalization: true });
    pages.push(items);
  }
  marks = new Marks(new Layers(view, textOf(pages)));
  find = new Find(/** @type {HTMLFormElement} */ (el('find')), marks);
  return marks;
}

/** @returns {Page} */
function aboutThis() {
  const { text, pages } = /** @type {Marks} */ (marks).layers.whole;
  return pageOf(said, text, text.slice(pages[0].start, pages[0].end), named);
}

/** Draw what the library knows: the title, whether it is saved, the highlights. */
async function refresh() {
  const db = await database();
  const shelved = await lookUp(db, location.href);
  document.title = shelved?.title || titleOf(said.info, said.metadata) || fileName() || 'Scholium';
  el('title').textContent = document.title;
  el('save').hidden = !reading;
  /** @type {HTMLButtonElement} */ (el('save')).disabled = Boolean(shelved);
  el('save').textContent = word(shelved ? 'reader_saved' : 'reader_save');
  if (shelved) el('which').hidden = true;
  if (reading) await showHighlights(db, here());
}

/** @returns {string} the last word of the PDF's address */
function fileName() {
  const address = shownAddress(location.href);
  return fingerprintIn(address) ? '' : (URL.parse(address)?.pathname.split('/').findLast(Boolean) ?? '');
}

async function save() {
  try {
    await savePage(await database(), here());
    say('');
  } catch (error) {
    complain(error);
  }
  changed();
}

/** The toolbar at a selection was clicked. @param {unknown} message @returns {Promise<boolean>} */
async function obey(message) {
  const wish = wishIn(message);
  if (!wish) return false;
  // Before anything is awaited: the browser wants the user's hand.
  if (wish.type === 'note') void openPanel(tab).catch(() => undefined);
  const done = await obeyToolbar(wish, here()).catch(complain);
  changed();
  return Boolean(done);
}

/** The user says which paper a file is. @param {string} typed */
async function name(typed) {
  try {
    named = identify(typed.trim()).canonical_url;
  } catch {
    return say(word('reader_which_bad'), 'bad');
  }
  await save();
}

/** @param {unknown} error */
function complain(error) {
  if (error instanceof PaperUnknown) el('which').hidden = false;
  if (error instanceof PaperUnknown) el('paper').focus();
  say(sentence(error), 'bad');
}

/** Let all windows draw it, and the background send it. */
function changed() {
  tell();
  send({ type: 'sync' }).catch(() => undefined);
}

/** @param {string} what the id of a part that opens and shuts */
function toggle(what) {
  el(what).hidden = !el(what).hidden;
  el(`${what}-button`).setAttribute('aria-expanded', String(!el(what).hidden));
}

/** @param {number | null} share */
function tellShare(share) {
  say(share === null ? word('reader_opening') : word('reader_loading', String(Math.round(share * 100))));
}

/** @param {string} text @param {"bad" | ""} mood */
function say(text, mood = '') {
  if (trouble === text) return;
  trouble = text;
  el('state').textContent = text;
  el('state').dataset.mood = mood;
}
