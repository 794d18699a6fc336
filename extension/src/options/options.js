/**
 * The settings page: which library, how sync stands, on which sites the badge and highlights show by themselves, how the
 * windows look, and what the extension may do and why.
 *
 * Permissions are asked for in the click itself, before anything is awaited, for browsers want the user's hand.
 */

import { requestServer, send, stayInTouch, store, stored } from '../browser.js';
import { fillWords, language, word } from '../browser_ui.js';
import { database } from '../db.js';
import { OAuthRefused, sentence } from '../errors.js';
import { adopt, state as syncState } from '../mirror.js';
import { listen, tell } from '../news.js';
import { queue } from '../outbox.js';
import { saveQueue } from '../queue_file.js';
import { connectTrouble, hostPattern, serverBase } from '../server.js';
import { beginPairing, cancelPairing, currentPairing, currentSession, disconnect, pollPairing } from '../session.js';
import { drawAbout } from './about.js';
import { drawHeaders } from './headers.js';
import { drawSites } from './sites.js';

const server = /** @type {HTMLInputElement} */ (el('server'));

el('server-form').addEventListener('submit', (event) => {
  event.preventDefault();
  connect();
});
el('cancel').addEventListener('click', () => cancelPairing().then(() => draw('')));
el('disconnect').addEventListener('click', () =>
  disconnect().then(() => draw(word('options_disconnected'))),
);
el('sync-now').addEventListener('click', () => send({ type: 'sync' }).then(() => draw()));
el('export').addEventListener('click', () => database().then(saveQueue));
fillWords();
stayInTouch();
listen(() => void draw());
setInterval(() => void poll(), 1000);
void draw();
void drawAbout();

/** @param {string} id @returns {HTMLElement} */
function el(id) {
  return /** @type {HTMLElement} */ (document.getElementById(id));
}

/** @param {string} text @param {"good" | "bad" | ""} mood */
function say(text, mood = '') {
  el('state').textContent = text;
  el('state').dataset.mood = mood;
}

function connect() {
  try {
    const base = serverBase(server.value);
    // Nothing may be awaited before this line.
    requestServer(hostPattern(base))
      .then((granted) => pair(base, granted))
      .catch((error) => say(sentence(error), 'bad'));
  } catch (error) {
    say(sentence(error), 'bad');
  }
}

/** @param {string} base @param {boolean} granted */
async function pair(base, granted) {
  if (!granted) return say(word('options_no_permission'), 'bad');
  say(word('options_asking'));
  await store('local', 'server', base);
  try {
    await beginPairing(base);
    await draw(word('options_approval'));
  } catch (error) {
    say(connectTrouble(error, base), 'bad');
  }
}

/** Ask whether the code was approved; the session module keeps the server's pace. */
async function poll() {
  if (!(await currentPairing())) return;
  try {
    const session = await pollPairing();
    if (!session) return;
    const { library_id, device_id } = session;
    await adopt(await database(), { library_id, device_id });
    await draw(word('options_connected'), 'good');
    tell();
    await send({ type: 'sync' });
  } catch (error) {
    await draw(refusalText(error), 'bad');
  }
}

/** @param {unknown} error @returns {string} */
function refusalText(error) {
  const code = error instanceof OAuthRefused ? error.code : '';
  if (code === 'access_denied') return word('options_declined');
  if (code === 'expired_token') return word('options_expired');
  return sentence(error);
}

/** Draw all of the page from what is stored. @param {string} [text] @param {"good" | "bad" | ""} [mood] */
async function draw(text, mood = '') {
  const session = await currentSession();
  const pairing = await currentPairing();
  const connected = Boolean(session?.refresh_token);
  el('server-form').hidden = connected || Boolean(pairing);
  el('pairing').hidden = !pairing;
  el('connected').hidden = !connected || Boolean(pairing);
  el('connected-server').textContent = session?.server ?? '';
  const known = session?.server ?? (await stored('local', 'server')) ?? null;
  if (document.activeElement !== server) server.value ||= known ?? '';
  if (pairing) drawPairing(pairing);
  if (text !== undefined) say(text, mood);
  await drawSync(connected);
  await drawSites(known);
  await drawHeaders(known);
}

/** @param {{link: string, shown: string, user_code: string}} pairing */
function drawPairing({ link, shown, user_code }) {
  const anchor = /** @type {HTMLAnchorElement} */ (el('link'));
  anchor.href = link;
  anchor.textContent = shown;
  el('code').textContent = user_code;
}

/** @param {boolean} connected */
async function drawSync(connected) {
  const db = await database();
  const { waiting, parked, trouble: refused } = await queue(db);
  const { last_contact, trouble } = await syncState(db);
  el('waiting').textContent = String(waiting);
  el('contact').textContent = last_contact ? new Date(last_contact).toLocaleString(language()) : word('never');
  el('trouble').hidden = !trouble || !connected;
  el('trouble').textContent = trouble;
  el('parked').hidden = !parked;
  el('parked').textContent =
    word('options_parked', String(parked));
  el('refused').hidden = !refused.length;
  el('refused').textContent = word('options_refused', String(refused.length));
}
