/**
 * The background: hears the browser and passes on. Every listener is registered at once, for the browser starts this
 * file anew for each event; nothing is remembered in variables.
 *
 * Refuses messages from anywhere but the extension's own windows (`browser.js`).
 */

import { remote } from './api.js';
import { refreshBadge } from './badge.js';
import {
  ensureAlarm,
  hasHosts,
  onAlarm,
  onCommand,
  onMenu,
  onMessage,
  onPageLoaded,
  onStart,
  onTabShown,
  setAlarm,
  setBadge,
  setMenus,
  shutStorage,
  tabOf,
} from './browser.js';
import { onPageMessage, openPanel, word } from './browser_ui.js';
import { database } from './db.js';
import { ScholiumError } from './errors.js';
import { highlightSelection, showHighlights } from './highlights.js';
import { onLeft } from './last_words.js';
import { giveToolbar, lastColor, obeyToolbar, wishIn } from './marker.js';
import { adopt, pulledUpTo } from './mirror.js';
import { tell } from './news.js';
import { add } from './outbox.js';
import { obeyReaderMenu, readerMenus } from './reader/open.js';
import { lookUp, saveAddress, savePage } from './save.js';
import { hostPattern } from './server.js';
import { bearer, currentSession, pollPairing } from './session.js';
import { sync } from './sync.js';
import { watch } from './watch.js';

/** @import { Tab } from "./browser.js" */
/** @import { Wish } from "./wire.js" */

const ALARM = 'sync';
const LATE_MS = 3000;

onStart(() => void start());
onAlarm((name) => void (name === ALARM && beat()));
onCommand((name, tab) => void obey(name, tab));
onMenu((id, tab, link) => void obey(id, tab, link));
onPageLoaded((tab) => void greet(tab));
onTabShown((tab) => void database().then((db) => refreshBadge(db, tab)));
onMessage((message) => (message?.type === 'sync' ? syncNow(true) : null));
onLeft((wish) => void keepLeft(wish));
onPageMessage((message, tab) => serve(message, tab));
watch((version) => void catchUp(version));
self.addEventListener('online', () => void syncNow(true));
// Also where the browser only restarted this worker: an alarm may have vanished, and page scripts must stay shut out.
void shutStorage();
void ensureAlarm(ALARM, 1);

async function start() {
  await setMenus([
    { id: 'save-page', title: word('command_save'), contexts: ['page'] },
    { id: 'save-link', title: word('menu_link'), contexts: ['link'] },
    { id: 'highlight-selection', title: word('menu_highlight'), contexts: ['selection'] },
    { id: 'show-highlights', title: word('menu_show'), contexts: ['page'] },
    { id: 'open-panel', title: word('open_panel'), contexts: ['page'] },
    ...readerMenus(),
  ]);
  await syncNow(true);
}

/** What was typed in a window that has just ended. @param {Wish} wish */
async function keepLeft(wish) {
  await add(await database(), [wish]);
  await syncNow(true);
}

/** The alarm: finish a pairing whose window was closed, then sync. */
async function beat() {
  const session = await pollPairing().catch(() => null);
  if (session) await adopt(await database(), identityOf(session));
  await syncNow(false);
}

/** @param {{library_id: string, device_id: string}} session */
function identityOf({ library_id, device_id }) {
  return { library_id, device_id };
}

/** The server says that the library has come to this version. @param {number} version */
async function catchUp(version) {
  if ((await pulledUpTo(await database())) < version) await syncNow(true, version);
}

/** @param {boolean} force @param {number} [past] the version that the library is said to have @returns {Promise<void>} */
async function syncNow(force, past) {
  // First the alarm, so that a worker that dies on the way is woken again.
  await setAlarm(ALARM, 1);
  const session = await currentSession();
  const db = await database();
  if (session?.refresh_token) {
    const minutes = await sync({ db, remote: remote(session.server, bearer) }, force, past);
    await setAlarm(ALARM, minutes);
  }
  await refreshBadge(db);
  tell();
}

/** What the user asked for by key or menu. @param {string} wish @param {Tab | undefined} tab @param {string} [link] */
async function obey(wish, tab, link) {
  // Before anything is awaited: the browser wants the user's hand.
  if (wish === 'open-panel' && tab) return openPanel(tab);
  const reading = obeyReaderMenu(wish, tab?.url, link);
  if (reading) return reading;
  const db = await database();
  try {
    if (wish === 'save-link' && link) await saveAddress(db, link);
    else if (tab && wish === 'save-page') await savePage(db, tab);
    else if (tab && wish === 'highlight-selection') await highlightSelection(db, tab, await lastColor());
    else if (tab && wish === 'show-highlights') await showHighlights(db, tab);
    if (tab && wish !== 'save-link') await giveToolbar(db, tab).catch(() => undefined);
  } catch (error) {
    if (!(error instanceof ScholiumError)) throw error;
    // There is no window to tell it in: the badge shows that nothing was done.
    return setBadge('!', tab?.id);
  }
  await refreshBadge(db, tab);
  tell();
  await syncNow(true);
}

/** What the toolbar in a page wishes, told whether it was done. @param {unknown} message @param {Tab} tab @returns {Promise<boolean> | null} */
function serve(message, tab) {
  const wish = wishIn(message);
  if (!wish) return null;
  if (wish.type === 'note') void openPanel(tab).catch(() => undefined);
  return obeyToolbar(wish, tab)
    .catch(() => false)
    .then((done) => {
      tell();
      void syncNow(true);
      return done;
    });
}

/** A page was loaded: tick and highlights, on the sites that the user chose. @param {Tab} tab */
async function greet(tab) {
  const url = tab.url ?? '';
  if (!/^https?:/.test(url) || !(await hasHosts([hostPattern(url)]))) return;
  const session = await currentSession();
  if (session && url.startsWith(`${session.server}/`)) return;
  const db = await database();
  await refreshBadge(db, tab);
  try {
    await giveToolbar(db, tab);
    if (!(await lookUp(db, url))?.highlights.length) return;
    // Pages that write their text late get a second look.
    if ((await showHighlights(db, tab)).missing.length) setTimeout(() => void lookAgain(Number(tab.id)), LATE_MS);
  } catch (error) {
    // The user left the page meanwhile, or the browser guards it.
    if (!(error instanceof ScholiumError)) throw error;
  }
}

/** @param {number} tabId */
async function lookAgain(tabId) {
  const tab = await tabOf(tabId).catch(() => undefined);
  if (tab?.url) await showHighlights(await database(), tab).catch(() => undefined);
}
