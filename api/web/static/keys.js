/**
 * The library by keyboard: `/` to search, `j` and `k` from paper to paper, `o` to open one, `s` to star it, `?` for help.
 * Refuses to act while somebody types, and beside keys that belong to the browser.
 */

/** Listen for the keys. */
export function listenForKeys() {
  document.addEventListener("keydown", (event) => {
    const typing = /** @type {Element} */ (event.target).closest("input, textarea, select");
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    const act = KEYS[event.key];
    if (act?.()) event.preventDefault();
  });
}

/** @type {Record<string, () => boolean>} whether there was something to do */
const KEYS = {
  "/": () => focusOn(document.getElementById("q"), true),
  "?": () => {
    const help = document.getElementById("q-help");
    if (!(help instanceof HTMLDetailsElement)) return false;
    help.open = !help.open;
    return focusOn(help.querySelector("summary"));
  },
  j: () => step(1),
  k: () => step(-1),
  o: () => press("footer a"),
  s: () => press(".star"),
};

/**
 * @param {Element | null} place
 * @param {boolean} [whole] whether its text is selected
 */
function focusOn(place, whole = false) {
  if (!(place instanceof HTMLElement)) return false;
  place.focus();
  if (whole && place instanceof HTMLInputElement) place.select();
  return true;
}

/** @param {number} way */
function step(way) {
  const rows = [...document.querySelectorAll("[data-entry]")];
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  const next = rows[at < 0 ? 0 : at + way];
  const link = next?.querySelector(".title a");
  if (!focusOn(link ?? null)) return false;
  next.scrollIntoView({ block: "nearest" });
  return true;
}

/** @param {string} what in the row that has the focus */
function press(what) {
  const row = document.activeElement?.closest("[data-entry]");
  const button = row?.querySelector(what);
  if (!(button instanceof HTMLElement)) return false;
  button.click();
  return true;
}
