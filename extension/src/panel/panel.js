/**
 * The panel beside a page: this paper's highlights in reading order, by colour and tag, with those that lost their place.
 *
 * A side panel in Chromium, a sidebar in Firefox; opened as a page, `?tab=<id>` names the tab that it is about. Every
 * change goes into the outbox first and is drawn from the database.
 */

import { send, stayInTouch, store, stored, tabInFront, tabOf } from '../browser.js';
import { fillWords, onView, redraw, word } from '../browser_ui.js';
import { database } from '../db.js';
import { PageClosed, sentence } from '../errors.js';
import { attachToSelection, editHighlight, goToHighlight, removeHighlight, showHighlights } from '../highlights.js';
import { kindOf } from '../hint.js';
import { leave } from '../last_words.js';
import { giveToolbar } from '../marker.js';
import { listen, tell } from '../news.js';
import { palette } from '../palette.js';
import { drawLinks } from '../paper_links.js';
import { lookUp } from '../save.js';
import { dropTag, putTag } from '../tags.js';
import { allTags } from '../views.js';
import { drawMark, drawSwatches, el } from './draw.js';
import { Editor } from './editor.js';
import { drawTrending } from './trending.js';

/** @import { Tab } from "../browser.js" */
/** @import { Mark } from "./draw.js" */
/** @import { Swatch } from "../palette.js" */
/** @import { Shelved, Tag } from "../views.js" */

/** @type {Tab | undefined} */
let tab;
/** @type {Mark[]} */
let marks = [];
/** @type {Tag[]} */
let tags = [];
/** @type {Swatch[]} */
let swatches = [];
/** @type {string[]} */
let colors = [];

const editor = new Editor({
  color: (key, color) => act((db) => editHighlight(db, key, { color })),
  comment: (key, comment, leaving) => keepComment(key, comment.trim() ? comment : null, leaving),
  put: (key, name) => act((db) => putTag(db, key, name, 'highlight')),
  drop: (key, tag) => act((db) => dropTag(db, key, [tag.key, ...tag.also], 'highlight')),
  remove: (key) => act((db) => removeHighlight(db, key)),
});
const deeds = {
  go: (/** @type {string} */ key) => act((db) => goToHighlight(db, /** @type {Tab} */ (tab), key), ''),
  edit: (/** @type {string} */ key) => (editor.key === key ? editor.close() : openEditor(key)),
  attach: (/** @type {string} */ key) =>
    act((db) => attachToSelection(db, /** @type {Tab} */ (tab), key), word('attached')),
};

fillWords();
el('colors').addEventListener('change', () => {
  colors = [...el('colors').querySelectorAll('input:checked')].map(
    (one) => /** @type {HTMLInputElement} */ (one).value,
  );
  drawLists();
});
el('tag-filter').addEventListener('change', drawLists);
stayInTouch();
listen(() => void refresh());
onView(() => void refresh());
void refresh();

/** What the lists show. */
let drawn = '';
/** Reads overlap where news comes fast: only the last one draws. */
let reading = 0;

async function refresh() {
  const number = ++reading;
  const id = Number(new URLSearchParams(location.search).get('tab'));
  const shown = await (id ? tabOf(id) : tabInFront()).catch(() => undefined);
  const db = await database();
  const shelved = shown?.url ? await lookUp(db, shown.url) : null;
  const places = shelved && shown ? await placesOn(db, shown) : null;
  const all = await allTags(db);
  if (number !== reading) return;
  [tab, tags] = [shown, all];
  swatches = palette(all, (color) => word(`color_${color}`));
  marks = shelved ? marksOf(shelved, places) : [];
  draw(shelved, Boolean(places));
  await openWished();
  await drawTrending(!shelved && kindOf(shown?.url ?? '') !== 'paper');
}

/** Where the highlights stand, in reading order; null where the page is shut. @param {IDBDatabase} db @param {Tab} shown */
async function placesOn(db, shown) {
  try {
    const { places } = await showHighlights(db, shown);
    await giveToolbar(db, shown);
    return places;
  } catch (error) {
    if (error instanceof PageClosed) return null;
    throw error;
  }
}

/** @param {Shelved} shelved @param {{key: string, state: string}[] | null} places @returns {Mark[]} */
function marksOf({ highlights }, places) {
  const order = places ?? highlights.map(({ key }) => ({ key, state: 'orphan' }));
  return order.flatMap(({ key, state }) => {
    const view = highlights.find((one) => one.key === key);
    if (!view) return [];
    const own = tags.filter((tag) => [tag.key, ...tag.also].some((one) => view.data.tags.includes(one)));
    const meaning = swatches.find((one) => one.color === view.data.color)?.name ?? view.data.color;
    return [{ view, state, tags: own, meaning }];
  });
}

/** @param {Shelved | null} shelved @param {boolean} open whether the page may be seen */
function draw(shelved, open) {
  el('title').textContent = shelved?.title ?? word('panel');
  const found = marks.filter((one) => one.state !== 'orphan').length;
  if (!tab?.url || (shelved && !open)) say(word('panel_closed'));
  else if (!shelved) say(word('panel_unsaved'));
  else say(marks.length ? word('panel_count', String(found)) : word('panel_empty'));
  el('links-part').hidden = !drawLinks(el('links'), shelved?.links ?? []);
  el('filters').hidden = !marks.length;
  const used = swatches.filter(({ color }) => marks.some((one) => one.view.data.color === color));
  colors = colors.filter((color) => used.some((one) => one.color === color));
  drawSwatches(el('colors'), used, { type: 'checkbox', name: 'filter', chosen: colors });
  drawTagFilter();
  drawLists();
}

function drawTagFilter() {
  /** @type {HTMLSelectElement} */
  const select = el('tag-filter');
  const before = select.value;
  const used = tags.filter((tag) => marks.some((one) => one.tags.includes(tag)));
  redraw(select, [new Option(word('filter_all_tags'), ''), ...used.map((tag) => new Option(tag.name, tag.key))]);
  select.value = used.some((tag) => tag.key === before) ? before : '';
}

function drawLists() {
  const tag = /** @type {HTMLSelectElement} */ (el('tag-filter')).value;
  const shown = marks.filter(({ view, tags: own }) => {
    if (view.key === editor.key) return true;
    return (!colors.length || colors.includes(view.data.color)) && (!tag || own.some((one) => one.key === tag));
  });
  if (marks.length && !shown.length) say(word('panel_none_shown'));
  // What is the same stays as it is, under whatever hand is on it.
  const picture = JSON.stringify([shown, swatches, tags]);
  if (picture !== drawn) drawMarks(shown);
  drawn = picture;
}

/** @param {Mark[]} shown */
function drawMarks(shown) {
  const focused = /** @type {HTMLElement | null} */ (document.activeElement);
  const orphans = shown.filter((one) => one.state === 'orphan');
  document.body.append(el('editor'));
  el('list').replaceChildren(
    ...shown.filter((one) => one.state !== 'orphan').map((one) => drawMark(one, deeds)),
  );
  el('orphans').replaceChildren(...orphans.map((one) => drawMark(one, deeds)));
  el('orphans-part').hidden = !orphans.length;
  if (!editor.key) return;
  if (shown.some((one) => one.view.key === editor.key)) openEditor(editor.key);
  else editor.close();
  if (el('editor').contains(focused)) focused?.focus();
}

/** @param {string} key */
function openEditor(key) {
  const mark = marks.find((one) => one.view.key === key);
  const item = document.querySelector(`.mark[data-key="${CSS.escape(key)}"]`);
  if (mark && item instanceof HTMLElement) editor.show(mark, item, swatches, tags);
}

/** The highlight that was made a moment ago to be commented on. */
async function openWished() {
  const key = await stored('session', 'editing');
  if (!key || !marks.some((one) => one.view.key === key)) return;
  await store('session', 'editing', null);
  openEditor(key);
}

/** @param {string} text */
function say(text) {
  if (el('state').textContent !== text) el('state').textContent = text;
}

/** @param {string} key @param {string | null} comment @param {boolean} leaving */
function keepComment(key, comment, leaving) {
  if (!leaving) return act((db) => editHighlight(db, key, { comment }));
  return leave({ type: 'highlight', key, op: 'put', set: { comment } });
}

/** Do something, draw it, and let the background send it. @param {(db: IDBDatabase) => Promise<unknown>} deed @param {string} [said] */
async function act(deed, said) {
  try {
    await deed(await database());
    if (said === '') return;
    await refresh();
    if (said) say(said);
  } catch (error) {
    say(sentence(error));
  }
  tell();
  send({ type: 'sync' }).catch(() => undefined);
}
