/**
 * Where in a long text a passage may stand: `__scholium.grams`.
 *
 * A classic script, pure. Pieces of four letters that the passage and the text share are weighed by how rare they are in
 * the text; the windows that weigh most come first. Two passes over the text, whatever was edited in the passage.
 */
(() => {
  const GRAM = 4;
  const TABLE = 1 << 16;
  const MOST_REGIONS = 6;

  /** A text without spaces, its pieces by their hashes, and how often each stands in it.
   * @typedef {{text: string, hashes: Uint16Array, counts: Uint16Array}} Field */

  /** @param {string} text without spaces @returns {Field} */
  function field(text) {
    const counts = new Uint16Array(TABLE);
    const hashes = new Uint16Array(Math.max(0, text.length - GRAM + 1));
    for (let i = 0; i < hashes.length; i += 1) {
      const hash = (hashes[i] = gram(text, i));
      if (counts[hash] < 0xffff) counts[hash] += 1;
    }
    return { text, hashes, counts };
  }

  /** @param {string} text @param {number} i @returns {number} below TABLE */
  function gram(text, i) {
    let hash = text.charCodeAt(i);
    for (let k = 1; k < GRAM; k += 1) hash = Math.imul(hash, 0x01000193) ^ text.charCodeAt(i + k);
    return (hash ^ (hash >>> 15)) & (TABLE - 1);
  }

  /**
   * Where a passage may begin, the likeliest first.
   * @param {Field} field
   * @param {string} passage without spaces
   * @returns {number[]}
   */
  function regions({ hashes, counts }, passage) {
    const rarity = new Float32Array(TABLE);
    for (let i = 0; i + GRAM <= passage.length; i += 1) {
      const hash = gram(passage, i);
      if (counts[hash]) rarity[hash] = 1 / counts[hash];
    }
    return peaks(sliding(hashes, rarity, passage.length), passage.length);
  }

  /** For each place how much the pieces of a window that begins there weigh. @param {Uint16Array} hashes @param {Float32Array} rarity @param {number} width */
  function sliding(hashes, rarity, width) {
    const sums = new Float64Array(hashes.length);
    let sum = 0;
    for (let i = hashes.length - 1; i >= 0; i -= 1) {
      sum += rarity[hashes[i]] - (i + width < hashes.length ? rarity[hashes[i + width]] : 0);
      sums[i] = sum;
    }
    return sums;
  }

  /** @param {Float64Array} sums @param {number} width @returns {number[]} the highest, apart from each other */
  function peaks(sums, width) {
    const tops = [];
    const step = Math.max(8, width >> 3);
    for (let from = 0; from < sums.length; from += step) {
      let top = from;
      for (let i = from; i < Math.min(from + step, sums.length); i += 1) if (sums[i] > sums[top]) top = i;
      if (sums[top] > 1e-9) tops.push(top);
    }
    tops.sort((a, b) => sums[b] - sums[a]);
    /** @type {number[]} */
    const found = [];
    for (const top of tops) {
      if (found.every((one) => Math.abs(one - top) > width / 2)) found.push(top);
      if (found.length === MOST_REGIONS) break;
    }
    return found;
  }

  const world = /** @type {any} */ (globalThis);
  world.__scholium = { ...world.__scholium, grams: { field, regions } };
})();
