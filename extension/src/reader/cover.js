/**
 * What stands in the reader while no PDF does: why, and what a person can do about it.
 *
 * A site is asked for only after the user's click, and a file is read only where the user chose or dropped it.
 */

import { requestHosts } from '../browser.js';
import { word } from '../browser_ui.js';
import { hostPattern } from '../server.js';
import { el } from './bar.js';

export class Cover {
  /** @type {string | null} */
  #address = null;
  /** @type {((text: string) => void) | null} */
  #unlock = null;

  /** @param {{load: (address: string) => void, open: (file: File) => void}} deeds */
  constructor(deeds) {
    el('allow').addEventListener('click', () => {
      const address = String(this.#address);
      // Nothing may be awaited before this line.
      requestHosts([hostPattern(address)]).then((granted) =>
        granted ? deeds.load(address) : this.show(word('reader_not_allowed'), address),
      );
    });
    const input = /** @type {HTMLInputElement} */ (el('file'));
    input.addEventListener('change', () => input.files?.[0] && deeds.open(input.files[0]));
    el('lock').addEventListener('submit', (event) => {
      event.preventDefault();
      el('lock').hidden = true;
      this.#unlock?.(/** @type {HTMLInputElement} */ (el('password')).value);
    });
    this.#takeDrops(deeds.open);
  }

  /** @param {(file: File) => void} open */
  #takeDrops(open) {
    for (const name of ['dragover', 'dragleave', 'drop']) {
      document.addEventListener(name, (event) => {
        event.preventDefault(); // else the browser leaves the reader for the file
        if (el('cover').hidden) return;
        el('cover').classList.toggle('over', name === 'dragover');
        const file = name === 'drop' && /** @type {DragEvent} */ (event).dataTransfer?.files[0];
        if (file) open(file);
      });
    }
  }

  /**
   * @param {string} why a sentence
   * @param {string} [address] that can be loaded once its site is granted
   */
  show(why, address) {
    this.#address = address ?? null;
    this.#stand(true);
    el('why').textContent = why;
    el('allow').hidden = !address;
    if (address) el('allow').textContent = word('reader_allow', new URL(address).host);
    el('state').textContent = '';
  }

  hide() {
    this.#stand(false);
  }

  /** The pages behind it take no keys meanwhile. @param {boolean} shown */
  #stand(shown) {
    el('cover').hidden = !shown;
    el('container').inert = shown;
  }

  /** Ask for the PDF's password. @param {boolean} wrong whether one was given already @returns {Promise<string>} */
  password(wrong) {
    this.show(word(wrong ? 'reader_password_wrong' : 'reader_locked'));
    el('lock').hidden = false;
    el('password').focus();
    return new Promise((done) => (this.#unlock = done));
  }
}
