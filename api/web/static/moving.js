/**
 * A list in a person's own order: a paper is dragged by its handle, or moved by Alt and an arrow key; the two buttons
 * that each row has anyway do the same without leaving the page. The server knows the order, the page follows it.
 */
import { say } from "./rows.js";

/** @type {HTMLElement | null} */
let dragged = null;

/** Take over the handles, the buttons and the keys of a list in its own order. */
export function moveByHand() {
  document.addEventListener("submit", (event) => {
    const form = /** @type {HTMLFormElement} */ (event.target);
    if (!("move" in form.dataset)) return;
    event.preventDefault();
    step(form, /** @type {SubmitEvent} */ (event).submitter);
  });
  document.addEventListener("keydown", (event) => {
    const way = { ArrowUp: "-1", ArrowDown: "1" }[event.key];
    const row = /** @type {Element} */ (event.target).closest("[data-entry]");
    const button = event.altKey && way && row?.querySelector(`[data-move] [value="${way}"]`);
    if (!(button instanceof HTMLElement)) return;
    event.preventDefault();
    button.click();
  });
  document.addEventListener("dragstart", (event) => {
    const grip = event.target instanceof Element ? event.target.closest("[data-grip]") : null;
    dragged = grip?.closest("[data-entry]") ?? null;
    if (!dragged || !event.dataTransfer) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setDragImage(dragged, 0, 0);
    dragged.classList.add("dragged");
  });
  document.addEventListener("dragover", (event) => {
    const over = dragged && target(event);
    if (!over) return;
    event.preventDefault();
    mark(over.row, over.below ? "after" : "before");
  });
  document.addEventListener("drop", (event) => {
    const over = dragged && target(event);
    if (!dragged || !over) return;
    event.preventDefault();
    drop(dragged, over.row, over.below);
  });
  document.addEventListener("dragend", () => {
    dragged?.classList.remove("dragged");
    dragged = null;
    mark(null, "");
  });
}

/** @returns {HTMLElement[]} */
function rows() {
  return [...document.querySelectorAll("[data-entry]")].map((row) => /** @type {HTMLElement} */ (row));
}

/**
 * The row under the pointer, and whether the pointer is in its lower half.
 * @param {DragEvent} event
 */
function target(event) {
  const row = event.target instanceof Element ? /** @type {HTMLElement | null} */ (event.target.closest("[data-entry]")) : null;
  if (!row || row === dragged) return null;
  const { top, height } = row.getBoundingClientRect();
  return { row, below: event.clientY > top + height / 2 };
}

/**
 * @param {HTMLElement | null} row
 * @param {string} side
 */
function mark(row, side) {
  for (const one of document.querySelectorAll(".entry.before, .entry.after")) one.classList.remove("before", "after");
  if (row) row.classList.add(side);
}

/**
 * @param {HTMLFormElement} form
 * @param {HTMLElement | null} submitter
 */
async function step(form, submitter) {
  const row = /** @type {HTMLElement | null} */ (form.closest("[data-entry]"));
  const body = new FormData(form, submitter);
  if (!row || !(await send(form.action, body))) return;
  const all = rows();
  const beside = all[all.indexOf(row) + Number(body.get("by"))];
  if (!beside) return;
  if (body.get("by") === "1") beside.after(row);
  else beside.before(row);
  submitter?.focus();
  row.scrollIntoView({ block: "nearest" });
}

/**
 * @param {HTMLElement} row
 * @param {HTMLElement} beside
 * @param {boolean} below
 */
async function drop(row, beside, below) {
  const form = /** @type {HTMLFormElement | null} */ (row.querySelector("[data-move]"));
  if (!form) return;
  const all = rows().filter((one) => one !== row);
  const above = below ? beside : all[all.indexOf(beside) - 1];
  const body = new FormData(form);
  body.set("after", above?.dataset.entry ?? "");
  if (!(await send(form.action, body))) return;
  if (below) beside.after(row);
  else beside.before(row);
}

/**
 * @param {string} address
 * @param {FormData} body
 * @returns {Promise<boolean>} whether the server took it
 */
async function send(address, body) {
  try {
    const fields = new URLSearchParams(/** @type {any} */ (body));
    const answer = await fetch(address, { method: "POST", body: fields, headers: { "X-Scholium": "1" } });
    if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
    say(decodeURIComponent(answer.headers.get("X-Said") ?? ""));
    return true;
  } catch {
    say("That did not reach the server. Load the page again to see the order as it is.");
    return false;
  }
}
