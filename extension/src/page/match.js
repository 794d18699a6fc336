/**
 * Finds a quote in a text that may have changed: `__scholium.match`; after `grams.js` and `align.js`.
 *
 * A classic script, pure: strings in, places out, so that node can run it over any text. Where the words stand exactly,
 * between the neighbours that they had, that is the place. Else likely regions are aligned letter by letter and judged
 * together with their neighbours. Refuses to guess: a place must pass a floor and be clearly better than any other, and
 * where the neighbours stand better around other words, the quote was rewritten.
 */
(() => {
  const BLOCK = 256; // characters aligned at a time
  const SHORT = 12; // below this, only the same words between the same neighbours
  const ALONE = 100; // from here on, words speak for themselves
  const LONG = 2000; // a passage this long has no like that is worth the time
  const WEIGHT = 64; // what words count at most, beside the characters around them
  const NEAR = 16; // of a short quote the nearest neighbours must agree too
  const FRAME = 8; // a shorter neighbourhood frames nothing
  const MOST_EXACT = 100;
  const LEAST_WORDS = 0.7; // of the quote's letters must agree
  const LEAST_ALL = 0.7; // of the quote and its neighbours
  const MARGIN = 0.08; // by which the best place must lead
  const CROWDED = 0.6; // a place this much alike may be taken for the one that is meant

  /** @typedef {import("./shapes.js").Quote} Quote */
  /** @typedef {import("./shapes.js").Field} Field */
  /** @typedef {import("./shapes.js").Candidate} Candidate */
  /** @typedef {import("./shapes.js").Place} Place */

  const { grams, align } = /** @type {any} */ (globalThis).__scholium;

  /**
   * The place that a quote means.
   * @param {Field} field
   * @param {Quote} quote
   * @param {(place: {start: number}) => boolean} hinted whether other selectors point at this place; asked between equals
   * @returns {Place | null} null where there is none, or no clear one
   */
  function find(field, quote, hinted) {
    if (!quote.words) return null;
    const exact = occurrences(field.text, quote);
    const whole = exact.filter((place) => place.all === 1);
    if (whole.length) return chosen(whole, quote, hinted);
    return chosen([...exact, ...seams(field.text, quote), ...inexact(field, quote)], quote, hinted);
  }

  /**
   * Whether a quote may be taken for other words of the same text.
   * @param {Field} field @param {Quote} quote @param {number} at where it stands
   * @returns {"no" | "alike" | "same"}
   */
  function crowding(field, quote, at) {
    const own = { start: at, end: at + quote.words.length };
    const others = [...occurrences(field.text, quote), ...inexact(field, quote)].filter((place) => apart(place, own));
    if (others.some((place) => place.all === 1)) return 'same';
    return others.some((place) => place.all >= CROWDED) ? 'alike' : 'no';
  }

  /** @param {Candidate[]} places @param {Quote} quote @param {(place: Candidate) => boolean} hinted @returns {Place | null} */
  function chosen(places, quote, hinted) {
    const good = places.filter((place) => isGood(place, quote)).sort((a, b) => b.all - a.all);
    const best = good[0];
    if (!best) return null;
    const alone = best.same === 1 && quote.words.length >= ALONE;
    const rivals = places.filter((place) => apart(place, best) && isRival(place, best, alone));
    if (!rivals.length) return asPlace(best);
    const [pointed, ...more] = [best, ...rivals].filter((place) => isGood(place, quote) && hinted(place));
    return pointed && !more.some((place) => apart(place, pointed)) ? asPlace(pointed) : null;
  }

  /** @param {Candidate} place @param {Candidate} best @param {boolean} alone */
  function isRival(place, best, alone) {
    if (best.all === 1) return place.all === 1;
    return place.all > best.all - MARGIN || (!alone && place.around > best.around);
  }

  /** @param {Candidate} place @returns {Place} */
  function asPlace({ start, end, same, all }) {
    return { start, end, state: same === 1 ? 'exact' : 'fuzzy', score: Math.round(all * 1000) / 1000 };
  }

  /** @param {{start: number, end: number}} a @param {{start: number, end: number}} b */
  function apart(a, b) {
    return a.end <= b.start || b.end <= a.start;
  }

  /** Whether a place may be meant at all. @param {Candidate} place @param {Quote} quote */
  function isGood({ same, around, all }, { words, prefix, suffix }) {
    if (!prefix && !suffix) return words.length >= 2 * SHORT ? same >= 0.85 : same === 1;
    if (same === 1) return words.length >= ALONE || all >= 0.75;
    return words.length >= SHORT && same >= LEAST_WORDS && all >= LEAST_ALL && around >= 0.4;
  }

  /** Where the very words stand, those with the likest neighbours. @param {string} text @param {Quote} quote @returns {Candidate[]} */
  function occurrences(text, quote) {
    const { words, prefix, suffix } = quote;
    const found = [];
    for (let at = text.indexOf(words); at >= 0; at = text.indexOf(words, at + 1)) {
      const agreed = agreeing(prefix, text, at - 1, -1) + agreeing(suffix, text, at + words.length, 1);
      found.push({ at, agreed });
    }
    found.sort((a, b) => b.agreed - a.agreed);
    return found.slice(0, MOST_EXACT).map(({ at }) => judged(text, quote, at, at + words.length, 0));
  }

  /** Where the neighbours close up, for the words were cut from between them. @param {string} text @param {Quote} quote @returns {Candidate[]} */
  function seams(text, quote) {
    const [before, after] = [quote.prefix.slice(-FRAME * 2), quote.suffix.slice(0, FRAME * 2)];
    if (before.length < FRAME || after.length < FRAME) return [];
    const found = [];
    for (let at = text.indexOf(before + after); at >= 0; at = text.indexOf(before + after, at + 1)) {
      const seam = at + before.length;
      found.push(judged(text, quote, seam, seam, quote.words.length));
      if (found.length === MOST_EXACT) break;
    }
    return found;
  }

  /** How many characters of the context agree, counted from the quote. @param {string} context @param {string} text @param {number} at @param {1 | -1} way */
  function agreeing(context, text, at, way) {
    let count = 0;
    while (count < context.length && context.at(way > 0 ? count : -1 - count) === text[at + way * count]) count += 1;
    return count;
  }

  /** Where words or neighbours stand that are much alike. @param {Field} field @param {Quote} quote @returns {Candidate[]} */
  function inexact(field, quote) {
    const { words, prefix, suffix } = quote;
    const regions = grams.regions(field, prefix + words + suffix);
    const starts = words.length > LONG ? regions.slice(0, 2) : regions;
    return starts.flatMap((/** @type {number} */ at) => {
      const frame = framed(field.text, quote, at);
      return [aligned(field.text, quote, at + prefix.length), ...(frame ? [frame] : [])];
    });
  }

  /** The quote laid onto a region, block by block. @param {string} text @param {Quote} quote @param {number} from about where it begins @returns {Candidate} */
  function aligned(text, quote, from) {
    const { words } = quote;
    let [start, at, errors] = [-1, from, 0];
    for (let done = 0; done < words.length; done += BLOCK) {
      const block = words.slice(done, done + BLOCK);
      const slack = (start < 0 ? 48 + Math.min(words.length, BLOCK) / 4 : 16) | 0;
      const low = Math.max(0, at - slack);
      const found = align.within(block, text.slice(low, at + block.length + slack + (block.length >> 2)));
      if (start < 0) start = low + found.start;
      errors += found.errors;
      at = low + found.end;
    }
    return judged(text, quote, Math.max(0, start), Math.max(at, start + 1), Math.min(errors, words.length));
  }

  /** What stands between the neighbours, be it the quote or not. @param {string} text @param {Quote} quote @param {number} from about where the prefix begins @returns {Candidate | null} */
  function framed(text, quote, from) {
    const [prefix, suffix] = [quote.prefix.slice(-64), quote.suffix.slice(0, 64)];
    if (prefix.length < FRAME || suffix.length < FRAME) return null;
    const low = Math.max(0, from + quote.prefix.length - prefix.length - 48);
    const before = align.within(prefix, text.slice(low, low + prefix.length + 96));
    const start = low + before.end;
    const after = align.within(suffix, text.slice(start, start + 2 * quote.words.length + suffix.length + 48));
    if (before.errors > prefix.length / 4 || after.errors > suffix.length / 4) return null;
    const errors = differing(quote.words, text.slice(start, start + after.start));
    return errors === null ? null : judged(text, quote, start, start + after.start, errors);
  }

  /** How many letters of the words are not what stands in their place; null where that is too much to lay out. @param {string} words @param {string} between */
  function differing(words, between) {
    if (between.length < words.length / 2) return words.length;
    if (words.length > BLOCK) return null;
    const { start, end, errors } = align.within(words, between);
    return Math.min(words.length, errors + between.length - (end - start));
  }

  /** @param {string} text @param {Quote} quote @param {number} start @param {number} end @param {number} errors @returns {Candidate} */
  function judged(text, { words, prefix, suffix }, start, end, errors) {
    const same = 1 - errors / words.length;
    const room = prefix.length + suffix.length;
    const sides = [text.slice(Math.max(0, start - 2 * prefix.length), start), text.slice(end, end + 2 * suffix.length)];
    const far = beside(sides, prefix, suffix);
    const near = far === 1 ? 1 : beside(sides, prefix.slice(-NEAR), suffix.slice(0, NEAR));
    const around = words.length < SHORT ? Math.min(far, near) : far;
    const weight = Math.min(words.length, WEIGHT);
    const all = errors || around < 1 ? (same * weight + around * room) / (weight + room) : 1;
    return { start, end, same, around, all };
  }

  /** How much of the neighbours is there. @param {string[]} sides what stands before and after @param {string} prefix @param {string} suffix */
  function beside([before, after], prefix, suffix) {
    const room = prefix.length + suffix.length;
    if (!room) return 1;
    return (align.atEnd(prefix, before) * prefix.length + align.atStart(suffix, after) * suffix.length) / room;
  }

  const world = /** @type {any} */ (globalThis);
  world.__scholium = { ...world.__scholium, match: { find, crowding } };
})();
