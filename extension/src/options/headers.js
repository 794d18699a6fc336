/**
 * The headers for a proxy before the server: their names are shown, their values never again.
 */

import { word } from '../browser_ui.js';
import { sentence } from '../errors.js';
import { dropHeader, headersFor, keepHeader } from '../extra_headers.js';
import { serverBase } from '../server.js';

const form = /** @type {HTMLFormElement} */ (document.getElementById('header-form'));
const [name, value, server] = ['header-name', 'header-value', 'server'].map(
  (id) => /** @type {HTMLInputElement} */ (document.getElementById(id)),
);
const list = /** @type {HTMLElement} */ (document.getElementById('headers'));
const state = /** @type {HTMLElement} */ (document.getElementById('header-state'));

/** The server that is connected. @type {string | null} */
let connected = null;

form.addEventListener('submit', (event) => {
  event.preventDefault();
  void change(async () => {
    await keepHeader(base(), name.value, value.value);
    name.value = value.value = '';
    return word('header_added');
  });
});

/** @param {string | null} known the library's base address */
export async function drawHeaders(known) {
  connected = known;
  const found = known ? await headersFor(known) : [];
  list.replaceChildren(...found.map(([one]) => drawHeader(one)));
}

/** @returns {string} the server that the headers are for */
function base() {
  return connected ?? serverBase(server.value);
}

/** @param {() => Promise<string>} work */
async function change(work) {
  try {
    state.textContent = await work();
    state.dataset.mood = 'good';
    await drawHeaders(base());
  } catch (error) {
    state.textContent = sentence(error);
    state.dataset.mood = 'bad';
  }
}

/** @param {string} one */
function drawHeader(one) {
  const item = document.createElement('li');
  const code = item.appendChild(document.createElement('code'));
  code.textContent = one;
  const button = item.appendChild(document.createElement('button'));
  button.type = 'button';
  button.textContent = word('site_remove');
  button.setAttribute('aria-label', word('header_remove', one));
  button.addEventListener('click', () =>
    change(async () => {
      await dropHeader(base(), one);
      return word('header_gone');
    }),
  );
  return item;
}
