/**
 * How highlights look on a page: a name and a rule of CSS for each colour.
 *
 * Pure. The words stay readable on light and dark pages, for only the ground is coloured, and lightly.
 */

/** @type {Record<string, string>} */
export const COLORS = {
  yellow: '#f2c94c',
  green: '#6fcf97',
  blue: '#56b4e9',
  red: '#eb6a5f',
  purple: '#b58ae0',
  orange: '#f2994a',
  gray: '#a3a8ad',
};

/**
 * The name of a colour's `::highlight()`.
 * @param {string} color a colour's name or `#rrggbb`
 * @returns {string}
 */
export function styleName(color) {
  return `scholium-${cssOf(color).slice(1)}`;
}

/**
 * The style sheet for these colours.
 * @param {string[]} colors
 * @returns {string}
 */
export function styleSheet(colors) {
  return [...new Set(colors)]
    .map((color) => `::highlight(${styleName(color)}) { background-color: ${cssOf(color)}80; }`)
    .concat('::highlight(scholium-here) { text-decoration: underline 3px; }')
    .join('\n');
}

/**
 * A colour as CSS; what is no colour is yellow, for only a colour may come into a style.
 * @param {string} color a colour's name or `#rrggbb`
 * @returns {string}
 */
export function cssOf(color) {
  if (Object.hasOwn(COLORS, color)) return COLORS[color];
  return /^#[0-9a-f]{6}$/i.test(color) ? color.toLowerCase() : COLORS.yellow;
}
