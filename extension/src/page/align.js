/**
 * Two texts laid letter by letter onto each other: `__scholium.align`.
 *
 * A classic script, pure. Refuses to judge: it counts edits, and what they mean is decided in `match.js`.
 */
(() => {
  const BAND = 12; // how far the letters of two neighbourhoods may shift against each other, and more in long ones

  const EDIT = 1 << 16; // a cost and a start in one number: fewer edits first, of equals the earlier start

  /**
   * Where `wanted` stands in `text` with the fewest edits (P. H. Sellers, 1980).
   * @param {string} wanted at most 32,767 characters @param {string} text at most 65,535 characters
   * @returns {{start: number, end: number, errors: number}}
   */
  function within(wanted, text) {
    const letters = Uint16Array.from({ length: text.length }, (_, j) => text.charCodeAt(j));
    const row = Int32Array.from({ length: text.length + 1 }, (_, j) => j);
    for (let i = 1; i <= wanted.length; i += 1) {
      const letter = wanted.charCodeAt(i - 1);
      let [swap, left] = [row[0], i * EDIT];
      row[0] = left;
      for (let j = 1; j < row.length; j += 1) {
        const drop = row[j];
        let least = letter === letters[j - 1] ? swap : swap + EDIT;
        if (drop + EDIT < least) least = drop + EDIT;
        if (left + EDIT < least) least = left + EDIT;
        row[j] = left = least;
        swap = drop;
      }
    }
    return lowest(row);
  }

  /** @param {Int32Array} row @returns {{start: number, end: number, errors: number}} */
  function lowest(row) {
    let end = 0;
    for (let j = 1; j < row.length; j += 1) if (row[j] >> 16 < row[end] >> 16) end = j;
    return { start: row[end] & 0xffff, end, errors: row[end] >> 16 };
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
