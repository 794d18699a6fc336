/**
 * Draws the card of a saved paper into the popup, and what stands below it: text only, never markup.
 */

import { redraw, word } from '../browser_ui.js';
import { database } from '../db.js';
import { state as syncState } from '../mirror.js';
import { shownName } from '../names.js';
import { queue } from '../outbox.js';
import { cssOf } from '../paint_style.js';
import { drawLinks } from '../paper_links.js';
import { currentSession } from '../session.js';
import { authorsText, queueText } from './words.js';

/** @import { Shelved } from "../views.js" */
/** @import { View } from "../wire.js" */

/**
 * An element of the popup that must be there.
 * @template {HTMLElement} [T=HTMLElement]
 * @param {string} id
 * @returns {T}
 */
export function el(id) {
  return /** @type {T} */ (document.getElementById(id));
}

/**
 * Say how things are.
 * @param {string} text @param {"busy" | "good" | "bad"} mood
 */
export function say(text, mood) {
  const state = el('state');
  // Screen readers speak a change; saying the same again would be noise.
  if (state.textContent !== text) state.textContent = text;
  state.dataset.mood = mood;
}

/**
 * Show a paper: what it is, and not yet what can be changed of it.
 * @param {Shelved} shelved
 */
export function drawCard(shelved) {
  el('card').hidden = false;
  el('card').ariaBusy = 'false';
  el('title').textContent = shelved.title;
  el('authors').textContent = authorsText(shelved.authors);
  el('name').textContent = shownName(shelved.names);
  el('links').hidden = !drawLinks(el('links'), shelved.links);
}

/**
 * Say what waits, and whether this device is connected.
 * @param {Shelved | null} shelved
 */
export async function drawFoot(shelved) {
  const db = await database();
  const session = await currentSession();
  const { trouble } = await syncState(db);
  const connected = Boolean(session?.refresh_token);
  el('connect').hidden = connected;
  el('connect-text').textContent = word(session ? 'popup_signed_out' : 'popup_unconnected');
  el('queue').textContent = queueText(await queue(db), connected ? trouble : null);
  drawPaperPage(connected ? session : null, shelved);
}

/**
 * Link to the paper's page in the library, where more can be done: corrected, split, joined.
 * @param {{server: string} | null} session @param {Shelved | null} shelved
 */
function drawPaperPage(session, shelved) {
  const known = session && shelved?.entry.data.paper_id; // what no server knows has no page there
  el('paper-page').hidden = !known;
  if (known) el('paper-page').setAttribute('href', `${session.server}/library/entries/${shelved.entry.key}`);
}

/**
 * Show the paper's highlights.
 * @param {View[]} highlights
 * @param {string[]} missing keys of those that the page does not hold
 * @param {(key: string) => void} remove
 */
export function drawMarks(highlights, missing, remove) {
  el('highlights').hidden = highlights.length === 0;
  redraw(el('highlight-list'), highlights.map((one) => drawHighlight(one, missing, remove)));
}

/** @param {View} view @param {string[]} missing @param {(key: string) => void} remove */
function drawHighlight({ key, data }, missing, remove) {
  const item = document.createElement('li');
  item.dataset.key = key;
  item.style.setProperty('--mark', cssOf(data.color));
  const quote = item.appendChild(document.createElement('q'));
  quote.dir = 'auto';
  quote.textContent = data.selectors.find((/** @type {{exact?: string}} */ one) => one.exact)?.exact ?? word('highlight_word');
  if (missing.includes(key)) {
    item.className = 'missing';
    item.title = word('highlight_missing');
  }
  const button = item.appendChild(document.createElement('button'));
  button.type = 'button';
  button.className = 'quiet';
  button.textContent = '×';
  button.setAttribute('aria-label', word('remove'));
  button.addEventListener('click', () => remove(key));
  return item;
}
