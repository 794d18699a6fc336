/**
 * The editor of one highlight: colour, comment and tags, under the highlight that it is of.
 *
 * What is typed is kept a moment later and when the editor closes, never only on a button. Refuses to know the
 * library: it tells what the user wants.
 */

import { isPalette } from '../palette.js';
import { TagField } from '../popup/tag_field.js';
import { TypedText } from '../typed_text.js';
import { drawSwatches, el } from './draw.js';

/** @import { Mark } from "./draw.js" */
/** @import { Swatch } from "../palette.js" */
/** @import { Tag } from "../views.js" */

/** @typedef {{color: (key: string, color: string) => void, comment: (key: string, text: string, leaving: boolean) => unknown,
 *   put: (key: string, name: string) => void, drop: (key: string, tag: Tag) => void, remove: (key: string) => void}} Deeds */

export class Editor {
  /** The highlight that is edited. @type {string | null} */
  key = null;

  /** @param {Deeds} deeds */
  constructor(deeds) {
    this.deeds = deeds;
    this.comment = new TypedText(el('comment'), (text, leaving) => this.#with((key) => deeds.comment(key, text, leaving)));
    const wishes = {
      put: (/** @type {string} */ name) => this.#with((key) => deeds.put(key, name)),
      drop: (/** @type {Tag} */ tag) => this.#with((key) => deeds.drop(key, tag)),
    };
    this.tags = new TagField(el('tag'), el('chips'), el('tag-list'), wishes);
    el('editor-colors').addEventListener('change', (event) =>
      this.#with((key) => deeds.color(key, /** @type {HTMLInputElement} */ (event.target).value)),
    );
    el('remove').addEventListener('click', () => this.#with((key) => this.#end(() => deeds.remove(key))));
    el('editor').addEventListener('submit', (event) => {
      event.preventDefault();
      this.close();
    });
    el('editor').addEventListener('keydown', (event) => event.key === 'Escape' && this.close());
  }

  /** Open under its highlight, or draw anew where it is open. @param {Mark} mark @param {HTMLElement} item @param {Swatch[]} swatches @param {Tag[]} all */
  show({ view: { key, data }, tags }, item, swatches, all) {
    const fresh = this.key !== key;
    if (fresh) this.close();
    this.key = key;
    const offered = swatches.some((one) => one.color === data.color)
      ? swatches
      : [...swatches, { color: data.color, name: data.color, css: data.color }];
    drawSwatches(el('editor-colors'), offered, { type: 'radio', name: 'color', chosen: [data.color] });
    this.comment.show(data.comment);
    this.tags.show(
      tags,
      all.filter((tag) => !isPalette(tag.name)),
    );
    item.append(el('editor'));
    item.querySelector('.more')?.setAttribute('aria-expanded', 'true');
    el('editor').hidden = false;
    if (fresh) this.comment.area.focus();
  }

  /** Keep what is typed and close. */
  close() {
    void this.comment.keep();
    this.#end(() => undefined);
  }

  /** @param {() => void} then */
  #end(then) {
    const opener = el('editor').closest('.mark')?.querySelector('.more');
    this.key = null;
    this.comment.drop();
    el('editor').hidden = true;
    opener?.setAttribute('aria-expanded', 'false');
    if (el('editor').contains(document.activeElement)) /** @type {HTMLElement | undefined} */ (opener)?.focus();
    document.body.append(el('editor'));
    then();
  }

  /** @param {(key: string) => unknown} deed */
  #with(deed) {
    return this.key ? deed(this.key) : undefined;
  }
}
