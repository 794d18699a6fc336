/**
 * Light, dark, or as the system is: the theme of the extension's own windows.
 *
 * Kept in `localStorage`, which all of them share and can read before they are first painted. Pages are never themed.
 */

const NAME = 'theme';

/** @typedef {"system" | "light" | "dark"} Theme */

/** @returns {Theme} */
export function chosenTheme() {
  const said = localStorage.getItem(NAME);
  return said === 'light' || said === 'dark' ? said : 'system';
}

/** Wear the chosen theme from now on, also when another window chooses anew. */
export function wearTheme() {
  const wear = () => (document.documentElement.dataset.theme = chosenTheme());
  addEventListener('storage', ({ key }) => void (key === NAME && wear()));
  wear();
}

/** @param {Theme} theme */
export function chooseTheme(theme) {
  localStorage.setItem(NAME, theme);
  document.documentElement.dataset.theme = theme;
}
