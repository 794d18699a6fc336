/**
 * The popup: a click on the icon has saved the page; here it is seen, tagged, and undone.
 *
 * Every change goes into the outbox first and is drawn from the database; the background sends it. The popup may be
 * closed at any moment without losing anything. Opened as a page, `?tab=<id>` names the tab that it is about.
 */

import { openOptions, send, stayInTouch, store, stored, tabInFront, tabOf } from '../browser.js';
import { fillWords, openPanel, word } from '../browser_ui.js';
import { database } from '../db.js';
import { PageClosed, sentence } from '../errors.js';
import { highlightSelection, removeHighlight, showHighlights } from '../highlights.js';
import { giveToolbar, lastColor } from '../marker.js';
import { state as syncState } from '../mirror.js';
import { listen } from '../news.js';
import { add, queue } from '../outbox.js';
import { lookUp, savePage, undoSave } from '../save.js';
import { isPalette } from '../palette.js';
import { currentSession } from '../session.js';
import { dropTag, putTag } from '../tags.js';
import { allTags, entryOf } from '../views.js';
import { drawCard, el, say } from './card.js';
import { TagField } from './tag_field.js';
import { isList, queueText, savedText } from './words.js';

/** @import { Tab } from "../browser.js" */
/** @import { Shelved } from "../views.js" */

const UNDO_MS = 10 * 60_000; // how long a save counts as a slip of the hand

/** @type {Tab | undefined} */
let tab;
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

const tags = new TagField(el('tag'), el('chips'), el('tag-list'), {
  put: (name) => act((db, key) => putTag(db, key, name)),
  drop: (tag) => act((db, key) => dropTag(db, key, [tag.key, ...tag.also])),
});

el('settings').addEventListener('click', () => openOptions());
el('connect-button').addEventListener('click', () => openOptions().then(() => window.close()));
el('offer-button').addEventListener('click', () => save());
el('undo').addEventListener('click', () => undo());
el('highlight').addEventListener('click', () => highlight());
el('panel').addEventListener('click', () => tab && openPanel(tab).then(() => window.close()));
el('status').addEventListener('change', (event) => {
  const status = /** @type {HTMLInputElement} */ (event.target).value;
  act((db, key) => add(db, [{ type: 'entry', key, op: 'put', set: { status } }]));
});
document.addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) window.close();
});
fillWords();
stayInTouch();
listen(() => void refresh());
void open();

async function open() {
  const id = Number(new URLSearchParams(location.search).get('tab'));
  tab = id ? await tabOf(id) : await tabInFront();
  fresh = (await stored('session', 'fresh')) ?? null;
  const url = tab?.url ?? '';
  const known = await lookUp(await database(), url);
  if (!known && isList(url)) return offer(word('popup_list'), word('popup_save_list'));
  await save(Boolean(known));
}

/** Save the page, or show that it is there. @param {boolean} known */
async function save(known = false) {
  el('offer').hidden = true;
  say(word(known ? 'popup_looking' : 'popup_saving'), 'busy');
  try {
    const saved = await savePage(await database(), /** @type {Tab} */ (tab ?? {}));
    shelved = saved.shelved;
    if (saved.fresh) {
      fresh = justSaved = shelved.entry.key;
      await store('session', 'fresh', fresh);
    }
    await draw();
    el('tag').focus();
    await mark();
  } catch (error) {
    say(sentence(error), 'bad');
    await drawFooter();
  }
  nudge();
}

/** @param {string} text @param {string} button */
async function offer(text, button) {
  say(word('popup_not_saved'), 'busy');
  el('card').hidden = true;
  el('offer').hidden = false;
  el('offer-text').textContent = text;
  el('offer-button').textContent = button;
  await drawFooter();
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
  drawMarks();
}

/** Read everything anew: this window, another one, or the server changed something. */
async function refresh() {
  const before = shelved;
  const db = await database();
  // By its key: a page may be known by what it says, and not by its address.
  const found = await (before ? entryOf(db, before.entry.key) : lookUp(db, tab?.url ?? ''));
  if (found) {
    shelved = found;
    await draw();
  } else if (before) {
    shelved = null;
    await offer(word('popup_gone'), word('popup_save_again'));
  } else {
    await drawFooter();
  }
}

async function draw() {
  if (!shelved) return;
  const age = Date.now() - Date.parse(shelved.entry.data.saved_at);
  const undoable = fresh === shelved.entry.key && age < UNDO_MS;
  say(...(notice ?? [savedText(justSaved === shelved.entry.key, shelved.entry.data.saved_at), 'good']));
  el('undo').hidden = !undoable;
  drawMarks();
  tags.show(
    shelved.tags,
    (await allTags(await database())).filter((tag) => !isPalette(tag.name)),
  );
  await drawFooter();
}

function drawMarks() {
  if (!shelved) return;
  const remove = async (/** @type {string} */ key) => {
    await act((db) => removeHighlight(db, key));
    await mark();
  };
  drawCard(shelved, { missing, remove });
}

async function drawFooter() {
  const db = await database();
  const session = await currentSession();
  const { trouble } = await syncState(db);
  const connected = Boolean(session?.refresh_token);
  el('connect').hidden = connected;
  el('connect-text').textContent = session
    ? word('popup_signed_out')
    : word('popup_unconnected');
  el('queue').textContent = queueText(await queue(db), connected ? trouble : null);
}
