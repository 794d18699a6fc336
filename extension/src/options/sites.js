/**
 * The sites on which the badge and highlights show by themselves: exactly the hosts that the user granted, kept by the
 * browser and nowhere else.
 */

import { dropHosts, grantedHosts, requestHosts } from '../browser.js';
import { word } from '../browser_ui.js';
import { sentence } from '../errors.js';
import { hostPattern, sitePattern } from '../server.js';

const form = /** @type {HTMLFormElement} */ (document.getElementById('site-form'));
const input = /** @type {HTMLInputElement} */ (document.getElementById('site'));
const list = /** @type {HTMLElement} */ (document.getElementById('sites'));
const state = /** @type {HTMLElement} */ (document.getElementById('site-state'));

/** The library's own server: its permission is for sync, not for the badge. @type {string | null} */
let own = null;

form.addEventListener('submit', (event) => {
  event.preventDefault();
  try {
    const pattern = sitePattern(input.value);
    // Nothing may be awaited before this line.
    requestHosts([pattern]).then(added, failed);
  } catch (error) {
    failed(error);
  }
});

/**
 * @param {string | null} server the library's base address
 */
export async function drawSites(server) {
  own = server && hostPattern(server);
  const patterns = (await grantedHosts()).filter((pattern) => pattern !== own).sort();
  list.replaceChildren(...patterns.map(drawSite));
}

/** @param {boolean} granted */
async function added(granted) {
  if (granted) input.value = '';
  state.textContent = word(granted ? 'site_added' : 'site_not_added');
  state.dataset.mood = granted ? 'good' : '';
  await drawSites(own);
}

/** @param {unknown} error */
function failed(error) {
  state.textContent = sentence(error);
  state.dataset.mood = 'bad';
}

/** @param {string} pattern */
function drawSite(pattern) {
  const item = document.createElement('li');
  const name = item.appendChild(document.createElement('span'));
  name.textContent = pattern.replace(/^https:\/\/|\/\*$/g, '');
  const button = item.appendChild(document.createElement('button'));
  button.type = 'button';
  button.textContent = word('site_remove');
  button.addEventListener('click', async () => {
    await dropHosts([pattern]);
    await drawSites(own);
  });
  return item;
}
