/**
 * The popup's work: a click on the icon has saved the page; here it is seen, tagged, and undone.
 *
 * Every change goes into the outbox first and is drawn from the database; the background sends it. The popup may be
 * closed at any moment without losing anything. What the fields of the card do is `fields.js`.
 */

import { openOptions, send, stayInTouch, store, stored } from '../browser.js';
import { word } from '../browser_ui.js';
import { database } from '../db.js';
import { PageClosed, sentence } from '../errors.js';
import { highlightSelection, removeHighlight, showHighlights } from '../highlights.js';
import { giveToolbar, lastColor } from '../marker.js';
import { listen } from '../news.js';
import { offerReading } from '../reader/open.js';
import { lookAt, lookUp, savePage, undoSave } from '../save.js';
import { putTag } from '../tags.js';
import { entryOf } from '../views.js';
import { drawCard, drawFoot, drawMarks, el, say } from './card.js';
import { Fields } from './fields.js';
import { Picker } from './pick.js';
import { savedText } from './words.js';

/** @import { Tab } from "../browser.js" */
/** @import { Look } from "../save.js" */
/** @import { Shelved } from "../views.js" */
/** @import { Page } from "../wire.js" */

const UNDO_MS = 10 * 60_000; // how long a save counts as a slip of the hand

/** @type {Tab | undefined} */
let tab;
/** What the page said when it was looked at. @type {Page | null} */
let read = null;
/** @type {Shelved | null} */
let shelved = null;
/** The entry that was saved a moment ago and can be undone. @type {string | null} */
let fresh = null;
/** The entry that this very window saved. @type {string | null} */
let justSaved = null;
/** What the user's last click led to; it stays until the next one, whatever the background does. @type {Parameters<typeof say> | null} */
let notice = null;
/** @type {string[]} */
let missing = [];
/** @type {() => string[]} */
let typed;

const fields = new Fields({ act, tell: (...said) => say(...(notice = said)) });
const picker = new Picker(attempt);

el('connect-button').addEventListener('click', () => openOptions().then(() => window.close()));
el('offer-button').addEventListener('click', () => save());
el('undo').addEventListener('click', () => undo());
el('highlight').addEventListener('click', () => highlight());
document.addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void fields.settled().then(() => window.close());
});
stayInTouch();
listen(() => void refresh());

/**
 * Save the paper of a tab, or show what may be saved of it.
 * @param {Tab | undefined} shown @param {boolean} isPaper as its address says
 * @param {() => string[]} takeOver leaves the field for tags to this module; what was entered there until now
 */
export async function begin(shown, isPaper, takeOver) {
  tab = shown;
  typed = takeOver;
  try {
    const [db, last] = await Promise.all([database(), stored('session', 'fresh')]);
    fresh = last ?? null;
    if (isPaper) await save();
    else await offerOrSave(await lookAt(db, /** @type {Tab} */ (tab ?? {})));
  } catch (error) {
    await fail(error);
  }
}

/** @param {Look} look */
async function offerOrSave(look) {
  read = look.page;
  if (!look.shelved && look.kind !== 'paper') await offerFor(look);
  else await save(look.shelved);
}

/** @param {unknown} error */
async function fail(error) {
  el('card').hidden = !shelved;
  say(sentence(error), 'bad');
  await drawFoot(shelved);
}

/** Save the page, or show that it is there. @param {Shelved | null} known */
async function save(known = null) {
  endOffer();
  try {
    if (known) shelved = known;
    else await saveNow();
    const drawn = draw();
    el('tag').focus(); // the card stands; what may be offered in it is still being read
    await drawn;
    await putTyped();
    await mark();
  } catch (error) {
    await fail(error);
  }
  nudge();
}

/** Put on what was entered before there was a paper, and offer tags for what is being typed. */
async function putTyped() {
  const tags = typed().filter((name) => name.trim());
  for (const name of tags) await act((db, key) => putTag(db, key, name));
  if (/** @type {HTMLInputElement} */ (el('tag')).value) el('tag').dispatchEvent(new Event('input'));
}

async function saveNow() {
  const saved = await savePage(await database(), /** @type {Tab} */ (tab ?? {}), read);
  shelved = saved.shelved;
  if (!saved.fresh) return;
  fresh = justSaved = shelved.entry.key;
  await store('session', 'fresh', fresh);
}

/** What may be done with a page that is not one paper. @param {Look} look */
async function offerFor({ kind }) {
  const isList = kind === 'list';
  await offer(word(isList ? 'popup_list' : 'popup_no_paper'), word(isList ? 'popup_save_list' : 'popup_save_page'));
  if (!(await picker.open(/** @type {Tab} */ (tab), isList))) el('offer-button').focus();
}

/** @param {string} text @param {string} button */
async function offer(text, button) {
  say(word('popup_not_saved'), 'busy');
  el('card').hidden = true;
  el('offer').hidden = false;
  el('offer-text').textContent = text;
  el('offer-button').textContent = button;
  await drawFoot(shelved);
}

function endOffer() {
  el('offer').hidden = el('pick').hidden = true;
}

/** Do what was picked, and say what it led to. @param {() => Promise<string>} work */
async function attempt(work) {
  try {
    say(await work(), 'good');
  } catch (error) {
    say(sentence(error), 'bad');
  }
  await drawFoot(shelved);
  nudge();
}

/** Let the background send what waits; if it cannot now, its alarm will. */
function nudge() {
  send({ type: 'sync' }).catch(() => undefined);
}

/** Write a change of the entry, draw it, and let the background send it.
 * @param {(db: IDBDatabase, key: string) => Promise<unknown>} change */
async function act(change) {
  if (!shelved) return;
  notice = null;
  try {
    await change(await database(), shelved.entry.key);
  } catch (error) {
    notice = [sentence(error), 'bad'];
  }
  await refresh();
  nudge();
}

async function undo() {
  await act((db, key) => undoSave(db, key));
  fresh = null;
  await store('session', 'fresh', null);
}

async function highlight() {
  try {
    await highlightSelection(await database(), /** @type {Tab} */ (tab), await lastColor());
    notice = [word('popup_highlighted'), 'good'];
  } catch (error) {
    notice = [sentence(error), 'bad'];
  }
  await refresh();
  await mark();
  nudge();
}

/** Paint the paper's highlights on the page, and show which are not on it. */
async function mark() {
  if (!shelved || !tab) return;
  try {
    const db = await database();
    missing = (await showHighlights(db, tab)).missing;
    await giveToolbar(db, tab);
  } catch (error) {
    if (!(error instanceof PageClosed)) throw error;
    missing = shelved.highlights.map((one) => one.key);
  }
  drawOwn();
}

/** Read everything anew: this window, another one, or the server changed something. */
async function refresh() {
  const before = shelved;
  const db = await database();
  // By its key: a page may be known by what it says, and not by its address.
  const found = await (before ? entryOf(db, before.entry.key) : lookUp(db, tab?.url ?? ''));
  if (found) {
    endOffer();
    shelved = found;
    await draw();
  } else if (before) {
    shelved = null;
    await offer(word('popup_gone'), word('popup_save_again'));
  } else {
    await drawFoot(shelved);
  }
}

async function draw() {
  if (!shelved) return;
  const { entry } = shelved;
  const undoable = fresh === entry.key && Date.now() - Date.parse(entry.data.saved_at) < UNDO_MS;
  say(...(notice ?? [savedText(justSaved === entry.key, entry.data.saved_at), 'good']));
  drawCard(shelved);
  drawOwn();
  el('undo').textContent = word(undoable ? 'undo_save' : 'remove_entry');
  offerReading(el('read'), tab?.url ?? '', shelved);
  await fields.show(shelved);
  await drawFoot(shelved);
}

function drawOwn() {
  if (!shelved) return;
  drawMarks(shelved.highlights, missing, async (key) => {
    await act((db) => removeHighlight(db, key));
    await mark();
  });
}
