/**
 * Rows of the list, sent and put back. The server renders every row; nothing is built from text here, so nothing
 * that a paper says can become markup.
 */

const SAID_MS = 8_000;

/** @type {Map<string, Promise<void>>} the last thing that each row is waiting for */
const waiting = new Map();

/**
 * Send a row's form after whatever the row sent before, and put the row that comes back in its place.
 * @param {HTMLFormElement} form
 * @param {HTMLElement | null} submitter
 */
export function sendInPlace(form, submitter) {
  const id = form.closest("[data-entry]")?.id;
  if (!id) return;
  const body = new FormData(form, submitter);
  const turn = (waiting.get(id) ?? Promise.resolve()).then(async () => {
    const answer = await ask(form.action, body);
    if (waiting.get(id) === turn) show(id, form, submitter, answer);
  });
  waiting.set(id, turn);
}

/**
 * @typedef {{html: string, said: string}} Answer
 * @param {string} address
 * @param {FormData} body
 * @returns {Promise<Answer | string>} the answer, or what to say where there is none
 */
async function ask(address, body) {
  try {
    const answer = await fetch(address, {
      method: "POST",
      body: new URLSearchParams(/** @type {any} */ (body)),
      headers: { "X-Scholium": "1" },
    });
    if (answer.redirected) return "You were signed out. Load the page again to sign in.";
    if (answer.status === 404) return "This entry is no longer on your list.";
    const said = decodeURIComponent(answer.headers.get("X-Said") ?? "");
    if (!answer.ok) return said || "The server did not take this. Nothing was changed.";
    return { html: await answer.text(), said };
  } catch {
    return "That did not reach the server. Please try again.";
  }
}

/**
 * @param {string} id
 * @param {HTMLFormElement} form
 * @param {HTMLElement | null} submitter
 * @param {Answer | string} answer
 */
function show(id, form, submitter, answer) {
  waiting.delete(id);
  const row = document.getElementById(id);
  const [fresh] = typeof answer === "string" ? [] : readRows(answer.html);
  if (row && fresh && typeof answer !== "string") {
    replaceRow(row, fresh, submitter);
    say(answer.said);
  } else {
    form.reset();
    say(typeof answer === "string" ? answer : "");
  }
}

/**
 * The rows in a piece of HTML, inert until they are put into the page.
 * @param {string} html
 * @returns {HTMLElement[]}
 */
export function readRows(html) {
  const rows = new DOMParser().parseFromString(html, "text/html").querySelectorAll("[data-entry]");
  return [...rows].map((row) => /** @type {HTMLElement} */ (document.importNode(row, true)));
}

/**
 * Put a fresh row where the old one is; what was open stays open, and the focus stays on the same control.
 * @param {Element} row
 * @param {HTMLElement} fresh
 * @param {HTMLElement | null} [submitter]
 */
export function replaceRow(row, fresh, submitter = null) {
  const held = row.contains(document.activeElement) ? document.activeElement : submitter;
  for (const details of row.querySelectorAll("details[open]")) {
    const again = fresh.querySelector(`details.${details.className}`);
    if (again) /** @type {HTMLDetailsElement} */ (again).open = true;
  }
  row.replaceWith(fresh);
  fresh.dispatchEvent(new Event("rows", { bubbles: true }));
  if (held) focusLike(fresh, held);
}

/**
 * @param {HTMLElement} row
 * @param {Element} held
 */
function focusLike(row, held) {
  const name = held.getAttribute("name");
  const same = name ? row.querySelector(`[name="${CSS.escape(name)}"]:not([type="hidden"])`) : null;
  const field = held.closest(".add-tag") ? row.querySelector(".add-tag input:not([type=hidden])") : null;
  const next = field ?? same ?? row.querySelector("summary, button");
  if (next instanceof HTMLElement) next.focus();
}

/** @type {ReturnType<typeof setTimeout> | undefined} */
let silence;

/**
 * Say what changed, to the eye and to a screen reader; the eye is not kept busy with it for long.
 * @param {string} text
 */
export function say(text) {
  const place = document.querySelector("[data-said]");
  if (!place) return;
  clearTimeout(silence);
  if (place.textContent !== text) place.textContent = text;
  silence = setTimeout(() => (place.textContent = ""), SAID_MS);
}
