/**
 * A browser's half without the browser: the extension's own sync, outbox and mirror, driven line by line.
 *
 * Each line of standard input is `[name, ...arguments]`; each answer is one line, `{ok}` or `{error}`. Ends with its input.
 */

import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

import { remote } from '../../extension/src/api.js';
import { binned } from '../../extension/src/bin.js';
import { asked, openDatabase, transact } from '../../extension/src/db.js';
import { newId } from '../../extension/src/ids.js';
import { adopt, state } from '../../extension/src/mirror.js';
import { namesOf } from '../../extension/src/names.js';
import { add, everything } from '../../extension/src/outbox.js';
import { sync } from '../../extension/src/sync.js';
import { mergeTags, putTag, recolorTag, renameTag } from '../../extension/src/tags.js';
import { allTags, entryOf } from '../../extension/src/views.js';

const { IDBFactory } = createRequire(new URL('../../extension/package.json', import.meta.url))('fake-indexeddb');

// What sync asks of the browser: no header of its own to send, and the name of a sentence in its place.
globalThis.chrome = { storage: { local: { get: async () => ({}) } }, i18n: { getMessage: (name) => name } };

const db = await openDatabase('scholium', new IDBFactory());
let server = null;

/** The tag of this name, as the windows show it. */
async function named(name) {
  return (await allTags(db)).find((tag) => tag.name === name);
}

const orders = {
  /** Be this signed-in device of the server there. */
  async connect(base, token, identity) {
    server = remote(base, async () => token);
    await adopt(db, identity);
  },

  /** Keep the save of a page; its entry's key. */
  async save(url) {
    const key = newId();
    const set = { saved_from: { url }, saved_at: new Date().toISOString(), status: 'to_read' };
    await add(db, [{ type: 'entry', key, op: 'put', set, hint: { names: namesOf(url), title: url, authors: [] } }]);
    return key;
  },

  /** Keep any edits. */
  async add(wishes) {
    await add(db, wishes);
  },

  /** Put a tag on an entry by its name. */
  async tag(entry, name) {
    await putTag(db, entry, name);
  },

  /** Rename, recolour or merge a tag, all by names. */
  async rename(name, other) {
    await renameTag(db, await named(name), other);
  },
  async recolor(name, color) {
    await recolorTag(db, await named(name), color);
  },
  async merge(name, into) {
    await mergeTags(db, await named(name), await named(into));
  },

  /** The tags as its windows show them: of the library, or of one entry. */
  async tags(entry) {
    return entry ? (await entryOf(db, entry)).tags : allTags(db);
  },

  /** One run of sync; what troubled it, if anything did. */
  async sync() {
    await sync({ db, remote: server }, true);
    return (await state(db)).trouble;
  },

  /** The mirror, what waits, and the recovery bin. */
  async shown() {
    const rows = await transact(db, 'readonly', ['rows'], (tx) => asked(tx.objectStore('rows').getAll()));
    return { rows, outbox: await everything(db), bin: await binned(db) };
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const [name, ...given] = JSON.parse(line);
  let answer;
  try {
    answer = { ok: (await orders[name](...given)) ?? null };
  } catch (error) {
    answer = { error: String(error.stack ?? error) };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
