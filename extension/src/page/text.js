/**
 * A page as text: what stands where, and the same text without what varies between two renderings of the same words.
 *
 * A classic script in the page's isolated world (`__scholium.text`); it reads the page and never changes it. Refuses
 * what no reader sees: scripts, styles, the source beside a formula.
 */
(() => {
  const SKIPPED = new Set(
    'SCRIPT STYLE NOSCRIPT TEMPLATE TEXTAREA SELECT ANNOTATION ANNOTATION-XML MJX-ASSISTIVE-MML'.split(' '),
  );
  const INLINE = new Set(
    'A ABBR B BDI BDO BR CITE CODE DATA DEL DFN EM FONT I INS KBD LABEL MARK MATH MI MN MO MROW MSUB MSUP Q RUBY S SAMP SMALL SPAN STRONG SUB SUP TIME U VAR WBR'.split(
      ' ',
    ),
  );
  const MOST_TEXT = 4_000_000; // characters of a page; what comes after is not read
  const DROPPED = /[\s\p{Default_Ignorable_Code_Point}]/u; // spaces, soft hyphens, joiners, marks of direction
  const LETTER = /[\p{L}\p{M}\u00ad]/u; // or what may end one
  const ALIKE = new Map([
    ...[...'‐‑‒–—―−'].map((one) => /** @type {[string, string]} */ ([one, '-'])),
    ...[...'‘’‚‛′'].map((one) => /** @type {[string, string]} */ ([one, "'"])),
    ...[...'“”„‟″'].map((one) => /** @type {[string, string]} */ ([one, '"'])),
  ]);

  /** @typedef {import("./shapes.js").Piece} Piece */
  /** @typedef {import("./shapes.js").Reading} Reading */
  /** @typedef {import("./shapes.js").Squeezed} Squeezed */

  /** @returns {Reading} */
  function read() {
    const shown = NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT;
    const walker = document.createTreeWalker(document.body, shown, (node) =>
      node instanceof Element && isHidden(node) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT,
    );
    /** @type {Piece[]} */
    const pieces = [];
    let text = '';
    let block = null;
    while (walker.nextNode() && text.length < MOST_TEXT) {
      const node = walker.currentNode;
      if (!(node instanceof Text)) {
        if (node.nodeName === 'BR') text += '\n';
        continue;
      }
      const own = blockOf(node);
      if (block && own !== block) text += '\n';
      block = own;
      pieces.push({ node, start: text.length });
      text += node.data;
    }
    return { text, pieces };
  }

  /** @param {Element} element */
  function isHidden(element) {
    return SKIPPED.has(element.nodeName.toUpperCase()) || element.classList.contains('katex-mathml');
  }

  /** @param {Node} node @returns {Element | null} */
  function blockOf(node) {
    let element = node.parentElement;
    while (element && INLINE.has(element.nodeName.toUpperCase())) element = element.parentElement;
    return element;
  }

  /**
   * Where a range's edge lies in the reading.
   * @param {Reading} reading @param {Range} range @param {boolean} start
   * @returns {number}
   */
  function offsetOf({ text, pieces }, range, start) {
    const container = start ? range.startContainer : range.endContainer;
    const offset = start ? range.startOffset : range.endOffset;
    for (const piece of pieces) {
      if (piece.node === container) return piece.start + offset;
      // The first text at or after the edge, where the edge lies between elements.
      if (range.comparePoint(piece.node, 0) >= (start ? 0 : 1)) return piece.start;
    }
    return text.length;
  }

  /** @param {Reading} reading @param {number} from @param {number} to @returns {Range} */
  function rangeOf({ pieces }, from, to) {
    const range = document.createRange();
    const first = pieceAt(pieces, from);
    const last = pieceAt(pieces, to - 1);
    range.setStart(first.node, Math.min(from - first.start, first.node.length));
    range.setEnd(last.node, Math.min(to - last.start, last.node.length));
    return range;
  }

  /** The last piece that begins at or before an offset. @param {Piece[]} pieces @param {number} offset @returns {Piece} */
  function pieceAt(pieces, offset) {
    let [low, high] = [0, pieces.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (pieces[middle].start <= offset) low = middle;
      else high = middle - 1;
    }
    return pieces[low];
  }

  /**
   * The text without white space, soft hyphens and the hyphens of line ends, ligatures and accents taken apart (NFKD),
   * typographic quotes and dashes as plain ones.
   * @param {string} text
   * @returns {Squeezed}
   */
  function squeezed(text) {
    let out = '';
    /** @type {number[]} */
    const at = [];
    for (let offset = 0; offset < text.length;) {
      const character = String.fromCodePoint(/** @type {number} */ (text.codePointAt(offset)));
      const plain = character < '\x7f' ? plainAscii(text, offset, character) : plainOther(text, offset, character);
      for (let i = 0; i < plain.length; i += 1) at.push(offset);
      out += plain;
      offset += character.length;
    }
    at.push(text.length);
    return { text: out, at };
  }

  /** @param {string} text @param {number} offset @param {string} character @returns {string} */
  function plainAscii(text, offset, character) {
    if (character <= ' ') return '';
    return character === '-' && endsLine(text, offset) ? '' : character;
  }

  /** @param {string} text @param {number} offset @param {string} character @returns {string} */
  function plainOther(text, offset, character) {
    if (DROPPED.test(character)) return '';
    const alike = ALIKE.get(character);
    if (alike === '-' && endsLine(text, offset)) return '';
    return alike ?? character.normalize('NFKD').replace(/\s/gu, '');
  }

  /** Whether a hyphen only parts a word: a letter, the hyphen, white space, a letter. @param {string} text @param {number} offset */
  function endsLine(text, offset) {
    const space = /\s/u.test(text.charAt(offset + 1)) && /\s*(\S)/u.exec(text.slice(offset + 1, offset + 200));
    return Boolean(space && LETTER.test(text.charAt(offset - 1)) && LETTER.test(space[1]));
  }

  /** Where the character that begins here ends. @param {string} text @param {number} offset @returns {number} */
  function endOf(text, offset) {
    return offset + (Number(text.codePointAt(offset)) > 0xffff ? 2 : 1);
  }

  const world = /** @type {any} */ (globalThis);
  world.__scholium = { ...world.__scholium, text: { read, offsetOf, rangeOf, squeezed, endOf } };
})();
