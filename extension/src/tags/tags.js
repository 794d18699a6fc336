/**
 * The tags page: every tag of the library, to be renamed, merged and recoloured, online and off.
 *
 * Every change goes into the outbox first and is drawn from the database; the background sends it.
 */

import { send, stayInTouch } from '../browser.js';
import { fillWords, word } from '../browser_ui.js';
import { database } from '../db.js';
import { sentence } from '../errors.js';
import { listen } from '../news.js';
import { folded } from '../tag_names.js';
import { mergeTags, recolorTag, renameTag } from '../tags.js';
import { allTags } from '../views.js';
import { mergeForm, renameForm } from './forms.js';
import { drawTags, focusOn } from './lines.js';

/** @import { Tag } from "../views.js" */

const MANY = 8; // from here on there is a field to find one

/** @type {Tag[]} */
let tags = [];
/** The open form; while it is there the list stands still under the user's hands. @type {HTMLFormElement | null} */
let form = null;

const filter = /** @type {HTMLInputElement} */ (el('filter'));
const acts = {
  rename: (/** @type {Tag} */ tag) => open(tag, renameForm(tag, othersOf(tag), endsOf(tag, 'Rename'))),
  merge: (/** @type {Tag} */ tag) => open(tag, mergeForm(tag, othersOf(tag), endsOf(tag, 'Merge'))),
  recolor: (/** @type {Tag} */ tag, /** @type {string | null} */ color) =>
    act((db) => recolorTag(db, tag, color), word('tag_colored', tag.name)),
};

fillWords();
filter.addEventListener('input', () => show());
stayInTouch();
listen(() => void draw());
void draw();

/** @param {string} id @returns {HTMLElement} */
function el(id) {
  return /** @type {HTMLElement} */ (document.getElementById(id));
}

/** @param {Tag} tag */
function othersOf(tag) {
  return tags.filter((one) => one.key !== tag.key);
}

/** @param {Tag} tag @param {string} control */
function endsOf(tag, control) {
  const cancel = () => close(tag, control);
  return {
    cancel,
    rename: async (/** @type {string} */ name) => {
      await act((db) => renameTag(db, tag, name), word('tag_renamed'));
      cancel();
    },
    merge: async (/** @type {Tag} */ into) => {
      await act((db) => mergeTags(db, tag, into), word('tag_merged', tag.name, into.name));
      cancel();
    },
  };
}

/** @param {Tag} tag @param {HTMLFormElement} made */
function open(tag, made) {
  form?.remove();
  form = made;
  say('');
  const [line] = [...el('tags').children].filter((one) => /** @type {HTMLElement} */ (one).dataset.key === tag.key);
  line?.append(made);
  const field = /** @type {HTMLInputElement | HTMLSelectElement | null} */ (made.querySelector('#field'));
  field?.focus();
  if (field instanceof HTMLInputElement) field.select();
}

/** @param {Tag} tag @param {string} control the one that opened the form */
function close(tag, control) {
  form?.remove();
  form = null;
  show();
  focusOn(el('tags'), `${tag.key} ${control}`);
}

/** Keep a change, say so, and let the background send it; if it cannot now, its alarm will.
 * @param {(db: IDBDatabase) => Promise<unknown>} change @param {string} done */
async function act(change, done) {
  const db = await database();
  try {
    await change(db);
    say(done);
  } catch (error) {
    say(sentence(error), 'bad');
  }
  await draw();
  send({ type: 'sync' }).catch(() => undefined);
}

/** @param {string} text @param {"bad" | ""} mood */
function say(text, mood = '') {
  el('state').textContent = text;
  el('state').dataset.mood = mood;
}

async function draw() {
  tags = await allTags(await database());
  show();
}

function show() {
  if (form) return;
  const start = folded(filter.value);
  const found = tags.filter((tag) => folded(tag.name).includes(start));
  el('search').hidden = tags.length < MANY && !start;
  el('empty').hidden = found.length > 0;
  el('empty').textContent = tags.length ? word('tags_not_found') : word('tags_none');
  drawTags(el('tags'), found, acts, tags.length < 2);
}
