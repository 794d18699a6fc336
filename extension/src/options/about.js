/**
 * What the settings page tells of the extension itself: its keys, its permissions and why, its version; and its theme.
 */

import { permissions, shortcuts, showShortcuts, version, word } from '../browser_ui.js';
import { chooseTheme, chosenTheme } from '../theme.js';

/** @import { Theme } from "../theme.js" */

const box = /** @type {HTMLElement} */ (document.getElementById('theme'));
const keys = /** @type {HTMLElement} */ (document.getElementById('shortcuts'));
const rights = /** @type {HTMLElement} */ (document.getElementById('permissions'));

/** Draw all of it, once. */
export async function drawAbout() {
  const chosen = box.querySelector(`input[value="${chosenTheme()}"]`);
  if (chosen instanceof HTMLInputElement) chosen.checked = true;
  box.addEventListener('change', (event) =>
    chooseTheme(/** @type {Theme} */ (/** @type {HTMLInputElement} */ (event.target).value)),
  );
  document.getElementById('change-shortcuts')?.addEventListener('click', () => showShortcuts());
  rights.replaceChildren(...permissions().flatMap((name) => pair(name, word(`right_${name}`))));
  const told = document.getElementById('version');
  if (told) told.textContent = word('version', version());
  // Also when this page comes to the front again: the keys may have been changed meanwhile.
  document.addEventListener('visibilitychange', () => void drawKeys());
  await drawKeys();
}

async function drawKeys() {
  const all = await shortcuts();
  keys.replaceChildren(...all.flatMap(({ text, key }) => pair(text, key || word('shortcut_none'), 'kbd')));
}

/** @param {string} term @param {string} text @param {string} [tag] what the text stands in */
function pair(term, text, tag = 'span') {
  const [dt, dd] = [document.createElement('dt'), document.createElement('dd')];
  dt.textContent = term;
  dd.appendChild(document.createElement(tag)).textContent = text;
  return [dt, dd];
}
