/**
 * The rest of the browser's door: words in the user's language, the panel, and the one message that a page's script may
 * send. Split from `browser.js`, under the same rule: it decides nothing.
 */

import { api, extensionUrl } from './browser.js';
import { wearTheme } from './theme.js';

/** @import { Tab } from "./browser.js" */

/**
 * A sentence of `_locales`.
 * @param {string} name @param {string[]} parts what stands in its places
 * @returns {string}
 */
export function word(name, ...parts) {
  return api().i18n.getMessage(name, parts);
}

/** @returns {string} the language of the words, in which dates are told too */
export function language() {
  return word('language');
}

/**
 * Dress a window: its words in the user's language and direction, and its theme. `data-word` names a text, `data-label` and
 * `data-hint` a label and a placeholder.
 */
export function fillWords() {
  wearTheme();
  document.documentElement.lang = language();
  document.documentElement.dir = word('@@bidi_dir') || 'ltr';
  for (const element of document.querySelectorAll('[data-word], [data-label], [data-hint]')) {
    const { word: text, label, hint } = /** @type {HTMLElement} */ (element).dataset;
    if (text) element.textContent = word(text);
    if (label) element.setAttribute('aria-label', word(label));
    if (label && element instanceof HTMLButtonElement) element.title = word(label);
    if (hint) element.setAttribute('placeholder', word(hint));
  }
}

/**
 * Fill a box anew, unless it holds the same already: then it stays, under whatever hand is on it.
 * @param {Element} box @param {Element[]} parts
 */
export function redraw(box, parts) {
  const same = parts.length === box.childElementCount && parts.every((one, at) => one.isEqualNode(box.children[at]));
  if (!same) box.replaceChildren(...parts);
}

/**
 * Hear the extension's own script in the main frame of a web page. Anything from a frame, another extension or one of
 * the extension's windows is refused; what the message wishes is judged by who reacts.
 * @param {(message: any, tab: Tab) => Promise<unknown> | null} react null: not understood, and not answered
 */
export function onPageMessage(react) {
  api().runtime.onMessage.addListener((message, sender, answer) => {
    const { id, tab, frameId, url = '' } = sender;
    if (id !== api().runtime.id || !tab || frameId !== 0 || !/^https?:/.test(url)) return false;
    const work = react(message, tab);
    if (!work) return false;
    work.then(answer, () => answer(null));
    return true;
  });
}

/**
 * Open the panel beside a tab. Call it before any `await` of a click: the browser wants the user's hand. Where it will
 * not open it, a small window shows the same.
 * @param {Tab} tab
 */
export async function openPanel(tab) {
  const world = /** @type {any} */ (api());
  try {
    await (world.sidePanel ? world.sidePanel.open({ windowId: tab.windowId }) : world.sidebarAction.open());
  } catch {
    const url = extensionUrl(`src/panel/panel.html?tab=${tab.id}`);
    await api().windows.create({ url, type: 'popup', width: 420, height: 720 });
  }
}

/** @returns {Promise<Tab>} the tab that this window of the extension stands in */
export async function ownTab() {
  return /** @type {Promise<Tab>} */ (api().tabs.getCurrent());
}

/** @param {string} url opened in a tab of its own, in front */
export async function openTab(url) {
  await api().tabs.create({ url });
}

/** @param {() => void} react called when another tab comes to the front, or the one in front shows another page */
export function onView(react) {
  api().tabs.onActivated.addListener(react);
  api().tabs.onUpdated.addListener((_, change) => {
    if (change.status === 'complete' || change.url) react();
  });
}

/** @returns {string} of the extension */
export function version() {
  return api().runtime.getManifest().version;
}

/** @returns {string[]} what the browser granted at install, by name; hosts are asked for later */
export function permissions() {
  return /** @type {string[]} */ (api().runtime.getManifest().permissions ?? []).filter(
    (name) => name !== 'sidePanel' || 'sidePanel' in api(),
  );
}

/** @returns {Promise<{text: string, key: string}[]>} what the keys do; `key` is empty where none is set */
export async function shortcuts() {
  const all = await api().commands.getAll();
  return all.map(({ name, description, shortcut }) => {
    // Chromium describes its own command not at all, Firefox in its own words.
    const text = name?.startsWith('_execute') ? word('shortcut_popup') : (description ?? '');
    return { text, key: shortcut ?? '' };
  });
}

/** Open the browser's own page on which keys are changed. */
export async function showShortcuts() {
  const { commands, tabs } = /** @type {any} */ (api());
  if (commands.openShortcutSettings) await commands.openShortcutSettings();
  else await tabs.create({ url: 'chrome://extensions/shortcuts' });
}
