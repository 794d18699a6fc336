/**
 * The PDF's own table of contents: text only, whatever a PDF calls its chapters.
 */

/** @import { View } from "./view.js" */

const DEEPEST = 8;
const MOST = 2000; // lines

/** @typedef {{title: string, dest: unknown, items: Line[]}} Line */

/**
 * Draw the outline.
 * @param {HTMLElement} list an `ol`
 * @param {Line[] | null} lines
 * @param {View} view
 * @returns {boolean} whether there is anything in it
 */
export function drawOutline(list, lines, view) {
  let left = MOST;
  /** @param {HTMLElement} parent @param {Line[]} some @param {number} depth */
  const draw = (parent, some, depth) => {
    for (const { title, dest, items } of some) {
      if (left-- <= 0) return;
      const item = parent.appendChild(document.createElement('li'));
      const button = item.appendChild(document.createElement('button'));
      button.type = 'button';
      button.dir = 'auto';
      button.textContent = title.trim() || '…';
      button.disabled = !dest;
      button.addEventListener('click', () => void view.go(dest));
      if (items?.length && depth < DEEPEST) draw(item.appendChild(document.createElement('ol')), items, depth + 1);
    }
  };
  list.replaceChildren();
  draw(list, lines ?? [], 1);
  return list.childElementCount > 0;
}
