/**
 * The library page with scripts: the same forms, sent without leaving the page. Without scripts they still work.
 */
import { say, sendInPlace } from "./rows.js";
import { watchPending } from "./pending.js";

document.documentElement.classList.add("js");

document.addEventListener("submit", (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  if ("row" in form.dataset) {
    event.preventDefault();
    sendInPlace(form, /** @type {SubmitEvent} */ (event).submitter);
  }
});

document.addEventListener("change", (event) => {
  const field = /** @type {HTMLSelectElement} */ (event.target);
  if ("submit" in field.dataset) field.form?.requestSubmit();
});

document.addEventListener("keydown", (event) => {
  const typing = /** @type {Element} */ (event.target).closest("input, textarea, select");
  if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const search = document.getElementById("q");
  if (!search) return;
  event.preventDefault();
  search.focus();
  /** @type {HTMLInputElement} */ (search).select();
});

// A tag field that a person opened is there to be typed into; "toggle" does not bubble, so it is caught on the way.
document.addEventListener(
  "toggle",
  (event) => {
    const details = /** @type {HTMLDetailsElement} */ (event.target);
    const byHand = details.contains(document.activeElement);
    const field = details.querySelector("input:not([type=hidden])");
    if (details.open && byHand && field instanceof HTMLElement) field.focus();
  },
  true,
);

const said = document.querySelector("[data-said]")?.textContent;
if (said) say(said);
watchPending();
