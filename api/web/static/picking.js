/**
 * Ticking papers to change many at once: Shift for a range, and what was ticked stays so when its row is scrolled out of
 * the page. Without scripts the boxes are sent as they are.
 */

/** @type {Set<string>} the entries that are ticked */
const picked = new Set();
/** @type {string | null} */
let last = null;

/** Follow the boxes of the list and its form. */
export function pickMany() {
  document.addEventListener("click", (event) => {
    const box = event.target;
    if (box instanceof HTMLInputElement && box.matches(".pick")) pick(box, event.shiftKey);
    if (box instanceof Element && box.closest("[data-unpick]")) clear();
  });
  document.addEventListener("formdata", (event) => {
    const form = /** @type {HTMLFormElement} */ (event.target);
    if (form.id !== "many") return;
    for (const name of [...event.formData.keys()].filter((one) => one.startsWith("pick."))) event.formData.delete(name);
    event.formData.set("keys", [...picked].join(","));
  });
  document.addEventListener("rows", show);
  document.addEventListener("list", clear);
  clear();
}

/** @returns {HTMLInputElement[]} */
function boxes() {
  return [...document.querySelectorAll(".pick")].map((box) => /** @type {HTMLInputElement} */ (box));
}

/** @param {HTMLInputElement} box */
function keyOf(box) {
  return box.name.slice("pick.".length);
}

/**
 * @param {HTMLInputElement} box
 * @param {boolean} range whether those since the last one go with it
 */
function pick(box, range) {
  const all = boxes();
  const from = range ? all.findIndex((one) => keyOf(one) === last) : -1;
  const at = all.indexOf(box);
  const those = from < 0 ? [box] : all.slice(Math.min(from, at), Math.max(from, at) + 1);
  for (const one of those) {
    if (box.checked) picked.add(keyOf(one));
    else picked.delete(keyOf(one));
  }
  last = keyOf(box);
  show();
}

function clear() {
  picked.clear();
  last = null;
  show();
}

/** Show what is ticked, in the rows that are there and in words. */
function show() {
  for (const box of boxes()) box.checked = picked.has(keyOf(box));
  const form = /** @type {HTMLDetailsElement | null} */ (document.querySelector("[data-many]"));
  const words = form?.querySelector("[data-picked]");
  if (!form || !words) return;
  const said = picked.size ? `${picked.size} ticked` : "None ticked yet";
  if (words.textContent !== said) words.textContent = said;
  if (picked.size) form.open = true;
}
