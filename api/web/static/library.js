/**
 * The library page with scripts: the same forms, sent without leaving the page. Without scripts they still work.
 */
import { filterInPlace } from "./filtering.js";
import { moveByHand } from "./moving.js";
import { pickMany } from "./picking.js";
import { listenForKeys } from "./keys.js";
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
moveByHand();
pickMany();
watchPending();
listenForKeys();
filterInPlace();
