/**
 * A field for longer text: what is typed is kept a moment later, when the field is left, and when the window closes.
 *
 * Never only on a button, for windows of an extension close whenever the user looks elsewhere. Refuses to overwrite what
 * is being typed.
 */

const KEEP_MS = 800; // after the last key

export class TypedText {
  #typed = false;
  #timer = 0;
  #keeping = 0;

  /**
   * @param {HTMLTextAreaElement} area
   * @param {(text: string, leaving: boolean) => unknown} keep `leaving`: the window is about to end, and waits for nothing
   */
  constructor(area, keep) {
    this.area = area;
    this.onKeep = keep;
    area.addEventListener('input', () => this.#later());
    area.addEventListener('blur', () => this.keep());
    addEventListener('pagehide', () => this.keep(true));
  }

  /** Show this text, unless another is being typed or kept: what is shown then was read before that. @param {string | null | undefined} text */
  show(text) {
    if (!this.#typed && !this.#keeping && this.area.value !== (text ?? '')) this.area.value = text ?? '';
  }

  /** Keep what is typed. @param {boolean} leaving */
  async keep(leaving = false) {
    clearTimeout(this.#timer);
    // A window that ends takes what is being kept with it: that is told once more.
    if (!this.#typed && !(leaving && this.#keeping)) return;
    this.#typed = false;
    this.#keeping++;
    await this.onKeep(this.area.value, leaving);
    this.#keeping--;
  }

  /** Forget what is typed. */
  drop() {
    clearTimeout(this.#timer);
    this.#typed = false;
  }

  #later() {
    this.#typed = true;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.keep(), KEEP_MS);
  }
}
