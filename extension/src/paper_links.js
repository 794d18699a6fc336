/**
 * The outside resources of a paper as links: code, data, project pages; those that are there.
 */

import { redraw, word } from './browser_ui.js';

/** @import { PaperLink } from "./wire.js" */

/**
 * Draw them, and no link that would run a script.
 * @param {HTMLElement} list
 * @param {PaperLink[]} links
 * @returns {number} how many
 */
export function drawLinks(list, links) {
  const there = links.filter(({ url, status }) => /^https?:\/\//i.test(url) && !/^(gone|mention)$/.test(status));
  const items = there.map(({ kind, url }) => {
    const item = document.createElement('li');
    const anchor = item.appendChild(document.createElement('a'));
    Object.assign(anchor, { href: url, target: '_blank', rel: 'noopener noreferrer', title: url });
    anchor.textContent = word(`link_${kind}`) || kind;
    return item;
  });
  redraw(list, items);
  return items.length;
}
