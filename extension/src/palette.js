/**
 * The colours of highlights with their meanings.
 *
 * A library names its colours by tags: a tag `highlight/Method` that is blue makes blue the colour of methods, on every
 * device; renamed or recoloured it is one small change. Where no tag speaks, the extension's own words stand.
 */

import { COLORS, cssOf } from './paint_style.js';

/** @import { Tag } from "./views.js" */

const PREFIX = /^highlight\//i;
const MOST = 12;

/** @typedef {{color: string, name: string, css: string}} Swatch `color` as a highlight keeps it, `css` as it is painted */

/**
 * The colours to choose from: the seven named ones, then what else the library's tags name.
 * @param {Tag[]} tags the library's, the most used first
 * @param {(color: string) => string} meaning what a named colour means where the library says nothing
 * @returns {Swatch[]}
 */
export function palette(tags, meaning) {
  const named = new Map(Object.keys(COLORS).map((color) => [color, meaning(color)]));
  const said = new Set();
  for (const { name, color } of tags) {
    const text = isPalette(name) ? name.replace(PREFIX, '').trim() : '';
    if (!color || !text || said.has(color)) continue;
    said.add(color);
    named.set(color, text);
  }
  return [...named].slice(0, MOST).map(([color, name]) => ({ color, name, css: cssOf(color) }));
}

/**
 * Whether a tag names a colour, and is none that a paper would carry.
 * @param {string} name
 * @returns {boolean}
 */
export function isPalette(name) {
  return PREFIX.test(name);
}
