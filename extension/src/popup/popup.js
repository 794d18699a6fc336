/**
 * The popup's first moment: where the address alone says that the tab shows a paper, its card stands with the keyboard in
 * the field for tags before most of the window's modules are there. The rest, the save above all, is `flow.js`.
 *
 * Refuses to say "saved": only who wrote it may. Refuses to lose what is typed meanwhile: tags that were entered wait for
 * the paper. Opened as a page, `?tab=<id>` names the tab that the window is about.
 */

import { openOptions, tabInFront, tabOf } from '../browser.js';
import { fillWords, openPanel } from '../browser_ui.js';
import { kindOf } from '../hint.js';
import { shownAddress } from '../reader/address.js';

/** @import { Tab } from "../browser.js" */

/** @type {Tab | undefined} */
let tab;
/** @type {string[]} */
const typed = [];
const [card, title, field] = ['card', 'title', 'tag'].map(el);

el('settings').addEventListener('click', () => openOptions());
el('panel').addEventListener('click', () => tab && openPanel(tab).then(() => window.close()));
field.addEventListener('keydown', keepTag);
fillWords();
void open();

async function open() {
  const id = Number(new URLSearchParams(location.search).get('tab'));
  tab = id ? await tabOf(id) : await tabInFront();
  const isPaper = kindOf(shownAddress(tab?.url ?? '')) === 'paper';
  if (isPaper) showEarly(tab?.title ?? '');
  nameModules();
  const { begin } = await import('./flow.js');
  await begin(tab, isPaper, () => {
    field.removeEventListener('keydown', keepTag);
    return typed.splice(0);
  });
}

/** @param {string} name the tab's */
function showEarly(name) {
  title.textContent = name;
  card.ariaBusy = 'true'; // what is below the field for tags does not work yet, and is not seen
  card.hidden = false;
  field.focus();
}

/** Keep a tag until there is a paper to put it on. @param {KeyboardEvent} event */
function keepTag(event) {
  if (!['Enter', ','].includes(event.key) || event.isComposing || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  typed.push(field.value);
  field.value = '';
}

/** Ask for all that `flow.js` needs at once, as the build wrote it down: one import after another takes longer. */
function nameModules() {
  const { later = '' } = /** @type {HTMLElement} */ (document.querySelector('script')).dataset;
  for (const href of later.split(' ').filter(Boolean)) {
    document.head.append(Object.assign(document.createElement('link'), { rel: 'modulepreload', href }));
  }
}

/** @param {string} id @returns {any} */
function el(id) {
  return document.getElementById(id);
}
