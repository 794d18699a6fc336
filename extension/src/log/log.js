/**
 * The sync log: how sync stands, every change that waits or was refused and why, and what can be done about it.
 *
 * Nothing is thrown away by itself: each line stays until the user's click or the server's answer.
 */

import { remote } from '../api.js';
import { binned, putBack } from '../bin.js';
import { send, stayInTouch } from '../browser.js';
import { fillWords, word } from '../browser_ui.js';
import { contactsOf } from '../contacts.js';
import { database } from '../db.js';
import { ScholiumError, sentence } from '../errors.js';
import { heldOps, settleAll, settleHeld } from '../held.js';
import { state as syncState } from '../mirror.js';
import { listen } from '../news.js';
import { dismiss, everything, queue, tryAgain } from '../outbox.js';
import { saveQueue } from '../queue_file.js';
import { bearer, currentSession } from '../session.js';
import { drawHistory, stamp } from './history.js';
import { drawList } from './list.js';
import { inWords, labelsForAll, reason } from './words.js';

/** @import { Remote } from "../api.js" */
/** @import { HeldOp, Waiting } from "../wire.js" */

/** @type {HeldOp[]} */
let held = [];

el('sync-now').addEventListener('click', () => void act(syncNow, word('done')));
el('export').addEventListener('click', () => void act(async () => saveQueue(await database())));
el('confirm-all').addEventListener('click', () => void act(() => settleSeen('confirm'), word('deleted')));
el('discard-all').addEventListener('click', () => void act(() => settleSeen('discard'), word('kept')));
fillWords();
stayInTouch();
listen(() => void draw());
void askForHeld().catch(unlessNamed).then(draw);

/** @param {string} id @returns {HTMLElement} */
function el(id) {
  return /** @type {HTMLElement} */ (document.getElementById(id));
}

/** A server that is away is no news on opening: the notice says so already. @param {unknown} error */
function unlessNamed(error) {
  if (!(error instanceof ScholiumError)) throw error;
}

/**
 * Do what was clicked, say how it went, and draw all anew.
 * @param {() => Promise<unknown>} work @param {string} [done]
 */
async function act(work, done = '') {
  const db = await database();
  try {
    await work();
    // Where the server could not hear of it yet, the notice says why; it is kept all the same.
    say((await syncState(db)).trouble ? '' : done);
  } catch (error) {
    say(sentence(error), 'bad');
  }
  await draw();
}

/** @param {string} text @param {"bad" | ""} mood */
function say(text, mood = '') {
  el('state').textContent = text;
  el('state').dataset.mood = mood;
}

async function syncNow() {
  await send({ type: 'sync' });
  await askForHeld();
}

/** @returns {Promise<Remote | null>} null where nobody is connected */
async function server() {
  const session = await currentSession();
  return session?.refresh_token ? remote(session.server, bearer) : null;
}

async function askForHeld() {
  const far = await server();
  held = far ? await heldOps(far) : [];
}

/** @param {HeldOp} op @param {"confirm" | "discard"} action */
async function settle(op, action) {
  const far = await server();
  if (far) await settleHeld(await database(), far, op.id, action);
  await syncNow();
}

/** All that the page shows. @param {"confirm" | "discard"} action */
async function settleSeen(action) {
  const far = await server();
  const done = !far || (await settleAll(await database(), far, held, action));
  await syncNow();
  if (!done) throw new ScholiumError('more_held', 'held');
}

/** Draw all of the page from what is stored. */
async function draw() {
  const db = await database();
  await drawNow(db);
  const ops = /** @type {Waiting[]} */ (await everything(db));
  await drawQueue(db, ops);
  await drawRefused(db, ops);
  await drawHeld(db);
  await drawBin(db);
  drawHistory(el('history'), el('contacts'), await contactsOf(db));
  el('history-empty').hidden = !el('history').hidden;
}

/** @param {IDBDatabase} db */
async function drawNow(db) {
  const session = await currentSession();
  const { last_contact, trouble } = await syncState(db);
  const { waiting, parked } = await queue(db);
  el('server').textContent = session?.refresh_token ? session.server : word('log_unconnected');
  el('contact').textContent = last_contact ? stamp(last_contact) : word('never');
  el('waiting').textContent = String(waiting);
  el('trouble').hidden = !trouble;
  el('trouble').textContent = trouble;
  el('parked').hidden = !parked;
  el('parked').textContent = word('log_parked', String(parked));
}

/** @param {IDBDatabase} db @param {Waiting[]} all */
async function drawQueue(db, all) {
  const ops = all.filter((op) => op.state === 'waiting' || op.state === 'taken');
  const words = await inWords(db, ops);
  const lines = ops.map((op, i) => {
    const how = op.state === 'taken' ? word('log_taken') : word('log_made', stamp(op.made_at));
    return { id: op.id, text: words[i], note: how };
  });
  drawList(el('queue'), lines);
  el('queue-empty').hidden = ops.length > 0;
}

/** @param {IDBDatabase} db @param {Waiting[]} all */
async function drawRefused(db, all) {
  const ops = all.filter((op) => op.state === 'refused');
  const words = await inWords(db, ops);
  const lines = ops.map((op, i) => ({
    id: op.id,
    text: words[i],
    note: reason(op.code),
    warns: true,
    buttons: [
      { label: word('try_again'), press: () => act(() => tryAgain(db, Number(op.order)).then(syncNow)) },
      { label: word('copy_json'), press: () => act(() => copy(op), word('cited')) },
      { label: word('discard'), press: () => act(() => dismiss(db, Number(op.order)), word('discarded')) },
    ],
  }));
  drawList(el('refused'), lines);
  el('refused-part').hidden = !ops.length;
}

/** @param {Waiting} op */
async function copy(op) {
  await navigator.clipboard.writeText(JSON.stringify(op, null, 2));
}

/** @param {IDBDatabase} db */
async function drawHeld(db) {
  const words = await inWords(db, held);
  const lines = held.map((op, i) => ({
    id: op.id,
    text: words[i],
    note: word('log_held_since', stamp(Date.parse(op.held_at))),
    buttons: [
      { label: word('delete_it'), press: () => act(() => settle(op, 'confirm'), word('deleted')) },
      { label: word('keep_it'), press: () => act(() => settle(op, 'discard'), word('kept')) },
    ],
  }));
  drawList(el('held'), lines);
  [el('confirm-all').textContent, el('discard-all').textContent] = labelsForAll(held.length);
  el('held-part').hidden = !held.length;
}

/** @param {IDBDatabase} db */
async function drawBin(db) {
  const rows = await binned(db);
  const lines = rows.map((row) => ({
    id: row.key,
    text: row.hint?.title || row.data?.name || row.data?.selectors?.[0]?.exact || row.data?.saved_from?.url || row.type,
    note: word('log_in_bin', word(`kind_${row.type}`), stamp(row.kept_at)),
    buttons: [{ label: word('put_back'), press: () => act(() => putBack(db, row.key).then(syncNow), word('put_back_done')) }],
  }));
  drawList(el('bin'), lines);
  el('bin-part').hidden = !rows.length;
}
