/**
 * Filters, orders and searches without leaving the page: the server renders the list, its two halves are put in place.
 * The address follows, back and forward work, and without scripts every filter is a plain link.
 */
import { say } from "./rows.js";
import { unroll } from "./shelf.js";

const HALVES = [".filters", ".list", "#tag-names"];
let asked = 0;

/** Take over the links and the search form of the library page. */
export function filterInPlace() {
  if (!document.querySelector(".library .list")) return;
  unroll();
  document.addEventListener("click", (event) => {
    const link = /** @type {Element} */ (event.target).closest(".filters a, .list-head a, .nothing a, .search-note a, .tag a");
    const plain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
    if (!(link instanceof HTMLAnchorElement) || !plain || link.pathname !== "/" || link.download) return;
    event.preventDefault();
    show(link.href);
  });
  document.addEventListener("submit", (event) => {
    const form = /** @type {HTMLFormElement} */ (event.target);
    if (!form.matches(".search")) return;
    event.preventDefault();
    const words = new URLSearchParams(/** @type {any} */ (new FormData(form)));
    show(`/?${words}`);
  });
  addEventListener("popstate", () => show(location.href, false));
}

/**
 * @param {string} address
 * @param {boolean} [remember] whether "back" leads to what was shown
 */
async function show(address, remember = true) {
  const turn = (asked += 1);
  let page;
  try {
    const answer = await fetch(address, { headers: { Accept: "text/html", "X-Scholium": "few" } });
    if (!answer.ok || new URL(answer.url).pathname !== "/") throw new Error(answer.url);
    page = new DOMParser().parseFromString(await answer.text(), "text/html");
  } catch {
    location.assign(address); // the plain way says what is wrong
    return;
  }
  if (turn !== asked) return; // somebody was quicker
  const fresh = HALVES.map((half) => page.querySelector(half));
  if (!fresh[0] || !fresh[1]) return location.assign(address);
  const held = focused();
  HALVES.forEach((half, i) => document.querySelector(half)?.replaceWith(document.importNode(/** @type {Element} */ (fresh[i]), true)));
  if (remember) history.pushState(null, "", address);
  document.title = page.title;
  scrollTo(0, 0);
  unroll();
  document.dispatchEvent(new Event("list"));
  focusAgain(held);
  say(document.getElementById("list-title")?.innerText ?? "");
}

/** @returns {{id: string, words: string}} what had the focus, by its id or its words */
function focused() {
  const held = document.activeElement;
  return { id: held?.id ?? "", words: held instanceof HTMLAnchorElement ? held.textContent ?? "" : "" };
}

/** @param {{id: string, words: string}} held */
function focusAgain(held) {
  const links = [...document.querySelectorAll(".filters a")];
  const next = (held.id && document.getElementById(held.id)) || links.find((link) => held.words && link.textContent === held.words);
  if (next instanceof HTMLElement) next.focus({ preventScroll: true });
}
