/**
 * The fields of the popup's card: tags, lists, status, note, and the reference to copy.
 *
 * Each change is a wish to whoever drives the popup; nothing is kept here. Refuses to lose what was typed: a note is kept
 * while the window closes, too.
 */

import { word } from '../browser_ui.js';
import { database } from '../db.js';
import { sentence } from '../errors.js';
import { leave } from '../last_words.js';
import { putOnList, takeOffList } from '../lists.js';
import { add } from '../outbox.js';
import { isPalette } from '../palette.js';
import { dropTag, putTag } from '../tags.js';
import { TypedText } from '../typed_text.js';
import { allLists, allTags } from '../views.js';
import { el } from './card.js';
import { copyReference, drawStyles } from './cite.js';
import { TagField } from './tag_field.js';

/** @import { Shelved, Tag } from "../views.js" */
/** @import { Fields as Values, Wish } from "../wire.js" */

/** @typedef {(change: (db: IDBDatabase, key: string) => Promise<unknown>) => Promise<void>} Act */
/** @typedef {{act: Act, tell: (text: string, mood: "busy" | "good" | "bad") => void}} Driver */

export class Fields {
  /** The entry that is shown. @type {string | null} */
  #key = null;

  /** @param {Driver} driver */
  constructor({ act, tell }) {
    this.act = act;
    this.tell = tell;
    this.tags = new TagField(el('tag'), el('chips'), el('tag-list'), {
      put: (name) => act((db, key) => putTag(db, key, name)),
      drop: (tag) => act((db, key) => dropTag(db, key, [tag.key, ...tag.also])),
    });
    const onLists = {
      put: (/** @type {string} */ name) => act((db, key) => putOnList(db, key, name)),
      drop: (/** @type {Tag} */ list) => act((db, key) => takeOffList(db, key, list.key)),
    };
    this.lists = new TagField(el('list'), el('list-chips'), el('list-list'), onLists, true);
    this.note = new TypedText(el('note'), (text, leaving) => this.#keepNote(text, leaving));
    el('status').addEventListener('change', (event) => {
      const status = /** @type {HTMLInputElement} */ (event.target).value;
      void act((db, key) => add(db, [put(key, { status })]));
    });
    el('cite').addEventListener('click', () => void this.#cite());
    void drawStyles(el('style'));
  }

  /** Show an entry's values. @param {Shelved} shelved */
  async show({ entry, tags, lists }) {
    this.#key = entry.key;
    const status = document.querySelector(`#status input[value="${CSS.escape(entry.data.status)}"]`);
    if (status instanceof HTMLInputElement) status.checked = true;
    this.note.show(entry.data.note);
    const db = await database();
    const all = await allTags(db);
    this.tags.show(
      tags,
      all.filter((tag) => !isPalette(tag.name)),
    );
    this.lists.show(lists, await allLists(db));
  }

  /** Once this resolves, all that was typed is kept. */
  async settled() {
    await this.note.keep();
  }

  /** @param {string} text @param {boolean} leaving */
  async #keepNote(text, leaving) {
    if (!this.#key) return;
    const set = { note: text.trim() ? text : null };
    if (leaving) leave(put(this.#key, set));
    else await this.act((db, key) => add(db, [put(key, set)]));
  }

  async #cite() {
    if (!this.#key) return;
    const style = /** @type {HTMLSelectElement} */ (el('style')).value;
    try {
      await copyReference(this.#key, style);
      this.tell(word('cited'), 'good');
    } catch (error) {
      this.tell(sentence(error), 'bad');
    }
  }
}

/** @param {string} key @param {Values} set @returns {Wish} */
function put(key, set) {
  return { type: 'entry', key, op: 'put', set };
}
