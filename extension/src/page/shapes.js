/**
 * The shapes that the scripts in a page pass to each other, as JSDoc types. Holds no code, and is injected nowhere.
 */

/** A piece of a page's text: `node` begins at `start`. @typedef {{node: Text, start: number}} Piece */
/** A page's text, words of neighbouring blocks kept apart. @typedef {{text: string, pieces: Piece[]}} Reading */
/** Text without spaces; `at[i]`: where its character i stood, and last the end. @typedef {{text: string, at: number[]}} Squeezed */
/** Text without spaces, and how often pieces of four letters stand in it. @typedef {{text: string, hashes: Uint16Array, counts: Uint16Array}} Field */
/** A page, read once for many highlights. @typedef {{reading: Reading, page: Squeezed, field: Field}} PageText */
/** A quote without spaces. @typedef {{words: string, prefix: string, suffix: string}} Quote */

/** Where a quote may stand; shares of agreement from 0 to 1: of its words, of its neighbours, of all.
 * @typedef {{start: number, end: number, same: number, around: number, all: number}} Candidate */

/** Where a quote stands in the page's text. @typedef {{start: number, end: number, state: "exact" | "fuzzy", score: number}} Place */

export {};
