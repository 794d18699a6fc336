/**
 * Two texts laid letter by letter onto each other: `__scholium.align`.
 *
 * A classic script, pure. Refuses to judge: it counts edits, and what they mean is decided in `match.js`.
 */
(() => {
  const BAND = 12; // how far the letters of two neighbourhoods may shift against each other, and more in long ones

  /**
   * Where `wanted` stands in `text` with the fewest edits (P. H. Sellers, 1980).
   * @param {string} wanted @param {string} text at most 65,535 characters
   * @returns {{start: number, end: number, errors: number}}
   */
  function within(wanted, text) {
    const width = text.length + 1;
    let costs = new Uint16Array(width);
    let starts = Uint16Array.from({ length: width }, (_, j) => j);
    let [next, from] = [new Uint16Array(width), new Uint16Array(width)];
    for (let i = 1; i <= wanted.length; i += 1) {
      const letter = wanted.charCodeAt(i - 1);
      next[0] = i;
      for (let j = 1; j < width; j += 1) {
        const swap = costs[j - 1] + (letter === text.charCodeAt(j - 1) ? 0 : 1);
        const [drop, more] = [costs[j] + 1, next[j - 1] + 1];
        const least = swap <= drop ? (swap <= more ? swap : more) : drop <= more ? drop : more;
        next[j] = least;
        from[j] = least === swap ? starts[j - 1] : least === drop ? starts[j] : from[j - 1];
      }
      [costs, next, starts, from] = [next, costs, from, starts];
    }
    const end = costs.indexOf(costs.reduce((a, b) => Math.min(a, b)));
    return { start: starts[end], end, errors: costs[end] };
  }

  /**
   * How much of `wanted` stands at the very beginning of `text`.
   * @param {string} wanted @param {string} text
   * @returns {number} from 0 to 1
   */
  function atStart(wanted, text) {
    if (!wanted || text.startsWith(wanted)) return 1;
    const band = BAND + (wanted.length >> 3);
    const width = Math.min(text.length, wanted.length + band) + 1;
    let [row, next] = [Uint16Array.from({ length: width }, (_, j) => j), new Uint16Array(width)];
    for (let i = 1; i <= wanted.length; i += 1) {
      const [low, high] = [Math.max(1, i - band), Math.min(width - 1, i + band)];
      next.fill(0x7fff);
      if (i <= band) next[0] = i;
      for (let j = low; j <= high; j += 1) {
        const swap = row[j - 1] + (wanted[i - 1] === text[j - 1] ? 0 : 1);
        next[j] = Math.min(swap, row[j] + 1, next[j - 1] + 1);
      }
      [row, next] = [next, row];
    }
    return Math.max(0, 1 - row.reduce((a, b) => Math.min(a, b)) / wanted.length);
  }

  /** How much of `wanted` stands at the very end of `text`. @param {string} wanted @param {string} text @returns {number} from 0 to 1 */
  function atEnd(wanted, text) {
    return !wanted || text.endsWith(wanted) ? 1 : atStart(reversed(wanted), reversed(text.slice(-2 * wanted.length - BAND)));
  }

  /** @param {string} text */
  function reversed(text) {
    let out = '';
    for (let i = text.length - 1; i >= 0; i -= 1) out += text[i];
    return out;
  }

  const world = /** @type {any} */ (globalThis);
  world.__scholium = { ...world.__scholium, align: { within, atStart, atEnd } };
})();
