/**
 * Puts a reference or a BibTeX record on the clipboard. Without scripts both can be selected.
 */
import { say } from "./rows.js";

for (const place of document.querySelectorAll(".copies")) {
  if (navigator.clipboard) place.removeAttribute("hidden");
}

document.addEventListener("click", async (event) => {
  const button = /** @type {Element} */ (event.target).closest("button[data-copy]");
  const source = button instanceof HTMLElement && document.getElementById(button.dataset.copy ?? "");
  if (!source) return;
  try {
    await write(source, button.hasAttribute("data-rich"));
    say("Copied.");
  } catch {
    getSelection()?.selectAllChildren(source);
    say("This browser does not let the page copy. It is selected now.");
  }
});

/** @param {HTMLElement} source @param {boolean} rich with its italics */
async function write(source, rich) {
  const text = source.innerText.trim();
  if (!rich || typeof ClipboardItem === "undefined") return navigator.clipboard.writeText(text);
  const item = new ClipboardItem({
    "text/html": new Blob([source.innerHTML.trim()], { type: "text/html" }),
    "text/plain": new Blob([text], { type: "text/plain" }),
  });
  return navigator.clipboard.write([item]);
}
