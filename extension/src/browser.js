/**
 * The only file that speaks to the browser's extension API, Chromium's and Firefox's alike.
 *
 * Refuses to decide anything: each function is one call, typed, and found at the moment of the call, so that a test
 * may put a browser of its own in the place.
 */

/** @typedef {chrome.tabs.Tab} Tab */
/** @typedef {"local" | "session"} Area where a value lives: on the disk, or until the browser ends */

/** What goes to the user's own server once connected, in Firefox's words; the manifest names the same. */
const DATA_SENT = ['browsingActivity', 'websiteContent', 'authenticationInfo'];

const BEAT_MS = 20_000; // browsers end a background that heard nothing for 30 seconds

/** The browser's own door, for this file and `browser_ui.js`. @returns {typeof chrome} */
export function api() {
  const world = /** @type {any} */ (globalThis);
  return world.browser ?? world.chrome;
}

/** @param {Area} area @param {string} name @returns {Promise<any>} */
export async function stored(area, name) {
  return (await api().storage[area].get(name))[name];
}

/** @param {Area} area @param {string} name @param {unknown} value */
export async function store(area, name, value) {
  await api().storage[area].set({ [name]: value });
}

/** @param {Area} area @param {string} name */
export async function unstore(area, name) {
  await api().storage[area].remove(name);
}

/** Shut page scripts out of the storage, where the browser can: tokens lie there. */
export async function shutStorage() {
  for (const area of /** @type {Area[]} */ (['local', 'session'])) {
    await api().storage[area].setAccessLevel?.({ accessLevel: 'TRUSTED_CONTEXTS' });
  }
}

/** @param {() => void} react called at install, update and browser start */
export function onStart(react) {
  api().runtime.onInstalled.addListener(react);
  api().runtime.onStartup.addListener(react);
}

/** @param {(name: string) => void} react */
export function onAlarm(react) {
  api().alarms.onAlarm.addListener((alarm) => react(alarm.name));
}

/** @param {string} name @param {number} minutes from now; an alarm of the same name is replaced */
export async function setAlarm(name, minutes) {
  await api().alarms.create(name, { delayInMinutes: minutes });
}

/** Set an alarm unless one of this name stands: browsers may lose them. @param {string} name @param {number} minutes */
export async function ensureAlarm(name, minutes) {
  if (!(await api().alarms.get(name))) await setAlarm(name, minutes);
}

/**
 * Hear messages of the extension's own windows. Anything from a page, a tab's script or another extension is refused.
 * @param {(message: any) => Promise<unknown> | null} react null: not understood
 */
export function onMessage(react) {
  api().runtime.onMessage.addListener((message, sender, answer) => {
    if (sender.id !== api().runtime.id || !sender.url?.startsWith(extensionUrl(''))) return false;
    const work = react(message);
    if (!work) return false;
    work.then(answer, () => answer(undefined));
    return true;
  });
}

/** @param {unknown} message to the background @returns {Promise<any>} */
export async function send(message) {
  return api().runtime.sendMessage(message);
}

/**
 * Hear of the extension's own windows while they are open: each beats now and then, which also keeps the background up.
 * @param {(count: number) => void} react called at each beat and each end, with how many windows are open
 */
export function onWindows(react) {
  const open = new Set();
  api().runtime.onConnect.addListener((port) => {
    const { sender } = port;
    if (sender?.id !== api().runtime.id || !sender?.url?.startsWith(extensionUrl(''))) return port.disconnect();
    open.add(port);
    port.onMessage.addListener(() => react(open.size));
    port.onDisconnect.addListener(() => {
      open.delete(port);
      react(open.size);
    });
    react(open.size);
  });
}

/** Tell the background that this window is open, as long as it is. */
export function stayInTouch() {
  let port = api().runtime.connect();
  setInterval(() => {
    try {
      port.postMessage('here');
    } catch {
      // The background was ended meanwhile: connecting starts it again.
      port = api().runtime.connect();
    }
  }, BEAT_MS);
}

/** @param {chrome.contextMenus.CreateProperties[]} items */
export async function setMenus(items) {
  await api().contextMenus.removeAll();
  for (const item of items) api().contextMenus.create(item);
}

/** @param {(id: string, tab: Tab | undefined, link: string | undefined) => void} react */
export function onMenu(react) {
  api().contextMenus.onClicked.addListener((click, tab) => react(String(click.menuItemId), tab, click.linkUrl));
}

/** @param {(name: string, tab: Tab | undefined) => void} react */
export function onCommand(react) {
  api().commands.onCommand.addListener((name, tab) => react(name, tab));
}

/** @param {(tab: Tab) => void} react called when a tab that may be seen has loaded a page */
export function onPageLoaded(react) {
  api().tabs.onUpdated.addListener((_, change, tab) => {
    if (tab.url && (change.status === 'complete' || change.url)) react(tab);
  });
}

/** @param {(tab: Tab) => void} react called when a tab comes to the front */
export function onTabShown(react) {
  api().tabs.onActivated.addListener(({ tabId }) => void tabOf(tabId).then(react, () => undefined));
}

/** @param {number} id @returns {Promise<Tab>} */
export async function tabOf(id) {
  return api().tabs.get(id);
}

/** @returns {Promise<Tab | undefined>} the tab in front */
export async function tabInFront() {
  return (await api().tabs.query({ active: true, lastFocusedWindow: true }))[0];
}

/** @param {number} tabId @param {string[]} files by their path from the extension's root, with a slash, in order */
export async function runFiles(tabId, files) {
  resultOf(await api().scripting.executeScript({ target: { tabId }, files }));
}

/**
 * Run a function in the page's isolated world.
 * @template T
 * @param {number} tabId @param {(...args: any[]) => T} func self-contained @param {unknown[]} args
 * @returns {Promise<T>}
 */
export async function runInPage(tabId, func, args = []) {
  return resultOf(await api().scripting.executeScript({ target: { tabId }, func, args }));
}

/** Firefox answers with a failure where Chromium throws it. @param {chrome.scripting.InjectionResult<any>[]} answers @returns {any} */
function resultOf([answer]) {
  const { error } = /** @type {{error?: unknown}} */ (answer);
  if (error) throw new Error(String(/** @type {Error} */ (error).message ?? error));
  return answer.result;
}

/** @param {number} tabId @param {string} css */
export async function insertStyle(tabId, css) {
  await api().scripting.insertCSS({ target: { tabId }, css });
}

/** @param {string} text @param {number} [tabId] of one tab; else of all */
export async function setBadge(text, tabId) {
  await api().action.setBadgeBackgroundColor({ color: '#1f6f5c' });
  await api().action.setBadgeTextColor?.({ color: '#ffffff' });
  await api().action.setBadgeText(tabId === undefined ? { text } : { text, tabId });
}

/**
 * Ask for hosts. Call it before any `await` of a click: the browser wants the user's hand.
 * @param {string[]} origins match patterns
 * @returns {Promise<boolean>}
 */
export function requestHosts(origins) {
  return api().permissions.request({ origins });
}

/**
 * Ask for the library's server, and in Firefox for the user's word that what is saved may go there.
 * @param {string} origin a match pattern
 * @returns {Promise<boolean>}
 */
export function requestServer(origin) {
  return api().permissions.request(serverPermission(origin));
}

/** Whether that word still stands: it can be taken back in the browser's settings. @param {string} origin */
export async function mayReachServer(origin) {
  return api().permissions.contains(serverPermission(origin));
}

/** @param {string} origin */
function serverPermission(origin) {
  const isFirefox = 'getBrowserInfo' in api().runtime;
  return { origins: [origin], ...(isFirefox && { data_collection: DATA_SENT }) };
}

/** @param {string[]} origins @returns {Promise<boolean>} */
export async function hasHosts(origins) {
  return api().permissions.contains({ origins });
}

/** @param {string[]} origins */
export async function dropHosts(origins) {
  await api().permissions.remove({ origins });
}

/** @returns {Promise<string[]>} match patterns of all hosts that the user granted */
export async function grantedHosts() {
  return (await api().permissions.getAll()).origins ?? [];
}

/** Open the options page, or bring it to the front. */
export async function openOptions() {
  await api().runtime.openOptionsPage();
}

/** @param {string} path @returns {string} the address of a file of the extension */
export function extensionUrl(path) {
  return api().runtime.getURL(path);
}

/** @returns {string} what this browser is called in the library's list of devices */
export function browserName() {
  const agent = navigator.userAgent;
  const name = /Firefox\//.test(agent) ? 'Firefox' : /Edg\//.test(agent) ? 'Edge' : 'Chromium';
  const system = /Android|Windows|Mac OS X|CrOS|Linux/.exec(agent)?.[0].replace('Mac OS X', 'macOS');
  return system ? `${name} on ${system}` : name;
}
