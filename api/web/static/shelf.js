/**
 * The whole list under one scroll bar, of which only what is near the window is in the page: the server renders rows
 * by the slice, and a slice that is far away leaves its measured height behind. Without scripts the list has pages.
 */
import { readRows } from "./rows.js";

const SLICE = 50; // rows of one request, as many as a page of the server has
const NEAR = "1500px"; // above and below the window: this far rows are there before they are seen

/** @type {IntersectionObserver | undefined} */
let watcher;

/** Put the list on the page under one scroll bar, where it has more than one page. */
export function unroll() {
  watcher?.disconnect();
  const list = /** @type {HTMLElement | null} */ (document.querySelector(".list[data-total]"));
  const onward = list?.querySelector("[data-onward]");
  if (!list || !onward) return;
  const rows = [...list.querySelectorAll("[data-entry]")];
  const total = Number(list.dataset.total);
  const first = slice(0, rows.length);
  rows[0].before(first);
  first.replaceChildren(...rows);
  const height = first.offsetHeight / rows.length;
  const places = [first];
  for (let from = rows.length; from < total; from += SLICE) {
    const place = slice(from, Math.min(SLICE, total - from));
    place.style.height = `${Math.round(height * Number(place.dataset.count))}px`;
    places.push(place);
  }
  onward.replaceWith(...places.slice(1));
  watcher = new IntersectionObserver((seen) => seen.forEach(follow), { rootMargin: `${NEAR} 0px` });
  for (const place of places) watcher.observe(place);
}

/**
 * @param {number} from
 * @param {number} count
 */
function slice(from, count) {
  const place = document.createElement("div");
  place.className = "slice";
  place.dataset.from = String(from);
  place.dataset.count = String(count);
  return place;
}

/** @param {IntersectionObserverEntry} entry */
function follow(entry) {
  const place = /** @type {HTMLElement} */ (entry.target);
  place.toggleAttribute("data-near", entry.isIntersecting);
  if (entry.isIntersecting) fill(place);
  else if (place.childElementCount && !place.contains(document.activeElement) && place.dataset.from !== "0") {
    place.style.height = `${place.offsetHeight}px`;
    place.replaceChildren();
  }
}

/** @param {HTMLElement} place */
async function fill(place) {
  if (place.childElementCount || place.hasAttribute("aria-busy")) return;
  place.setAttribute("aria-busy", "true");
  const back = place.closest(".list")?.getAttribute("data-back") ?? "";
  const query = new URLSearchParams({ back, first: place.dataset.from ?? "0" });
  try {
    const answer = await fetch(`/library/slice?${query}`, { headers: { Accept: "text/html" } });
    if (!answer.ok || answer.redirected) return;
    const rows = readRows(await answer.text()).filter((row) => !document.getElementById(row.id));
    if (!place.hasAttribute("data-near")) return;
    place.replaceChildren(...rows);
    place.style.height = "";
    place.dispatchEvent(new Event("rows", { bubbles: true }));
  } catch {
    // out of reach: the next time that this place comes near, it is asked again
  } finally {
    place.removeAttribute("aria-busy");
  }
}
