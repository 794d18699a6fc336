/**
 * Rows whose details are still being fetched, asked for again until they have arrived.
 */
import { readRows, replaceRow, say } from "./rows.js";

const FIRST_WAIT_MS = 2_000;
const MOST_WAIT_MS = 60_000;
const MOST_ROWS = 50;

/** Ask while any row of the page is pending and the page is in view; ever more slowly while nothing changes. */
export function watchPending() {
  let wait = FIRST_WAIT_MS;
  const round = async () => {
    if (document.visibilityState === "visible") {
      wait = (await refresh()) ? FIRST_WAIT_MS : Math.min(wait * 1.5, MOST_WAIT_MS);
    }
    if (pendingRows().length) setTimeout(round, wait);
  };
  if (pendingRows().length) setTimeout(round, wait);
}

/** @returns {HTMLElement[]} */
function pendingRows() {
  return [...document.querySelectorAll("[data-pending]")].map((row) => /** @type {HTMLElement} */ (row));
}

/** @returns {Promise<boolean>} whether any row has changed */
async function refresh() {
  const rows = pendingRows().slice(0, MOST_ROWS);
  const query = new URLSearchParams(rows.map((row) => ["entry", row.dataset.entry ?? ""]));
  query.set("back", location.search.slice(1));
  let html;
  try {
    const answer = await fetch(`/library/rows?${query}`, { headers: { Accept: "text/html" } });
    if (!answer.ok || answer.redirected) return false;
    html = await answer.text();
  } catch {
    return false; // the next round asks again
  }
  const fresh = readRows(html).filter((row) => isNew(row));
  for (const row of fresh) replaceRow(/** @type {Element} */ (document.getElementById(row.id)), row);
  if (fresh.length) say(fresh.length === 1 ? "Details have arrived." : `Details of ${fresh.length} papers have arrived.`);
  return fresh.length > 0;
}

/**
 * Whether a row differs from the one on the page, and nobody is typing into that one.
 * @param {HTMLElement} row
 */
function isNew(row) {
  const shown = document.getElementById(row.id);
  const busy = shown?.hasAttribute("aria-busy") || shown?.contains(document.activeElement);
  return shown !== null && !busy && shown.dataset.state !== row.dataset.state;
}
