/**
 * What the extension's tests share: a fresh IndexedDB each, a server written by hand that can misbehave, and a page.
 */

import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';

import { add } from '../../extension/src/outbox.js';
import { adopt } from '../../extension/src/mirror.js';
import { openDatabase } from '../../extension/src/db.js';
import { NetworkFailed } from '../../extension/src/errors.js';
import { newId } from '../../extension/src/ids.js';
import { namesOf } from '../../extension/src/names.js';
import { sync } from '../../extension/src/sync.js';

const need = createRequire(new URL('../../extension/package.json', import.meta.url));
const { IDBFactory } = need('fake-indexeddb');
const { JSDOM } = need('jsdom');

export const LIBRARY = '0199a000-0000-7000-8000-000000000001';
export const DEVICE = '0199a000-0000-7000-8000-00000000000d';
export const NOW = 1_795_000_000_000;
export const ARXIV = 'https://arxiv.org/abs/2401.01234';

/** A database of this test's own; `again()` opens the same one as a restarted worker would. */
export async function makeDevice({ device = DEVICE, library = LIBRARY, paired = true } = {}) {
  const factory = new IDBFactory();
  const again = () => openDatabase('scholium', factory);
  const db = await again();
  if (paired) await adopt(db, { library_id: library, device_id: device });
  return { db, again, device, library };
}

/** The wish to save a page, as `save.js` makes it. */
export function saveWish(url = ARXIV, { title = 'A Paper', key = newId(), page = undefined } = {}) {
  const set = { saved_from: page ? { url, page } : { url }, saved_at: '2026-11-18T00:00:00.000Z', status: 'to_read' };
  return { type: 'entry', key, op: 'put', set, hint: { names: namesOf(url), title, authors: ['Ada Lovelace'] } };
}

/** Keep a save and return its entry's key. */
export async function save(db, url, options) {
  const wish = saveWish(url, options);
  await add(db, [wish], NOW);
  return wish.key;
}

/** One run of sync at the fixed time, with every waiting time skipped. */
export async function syncOnce(db, server, device = DEVICE) {
  return sync({ db, remote: server.remote(device), now: () => NOW, random: () => 0.5 }, true);
}

/**
 * A server in memory: op ids known, sequences checked, versions counted, one paper one entry; it merges as simply as
 * can be. `fault` is asked before and after the work of each request: "lose" cuts the connection there.
 */
export class FakeServer {
  constructor() {
    this.epoch = 'e1';
    this.objects = new Map();
    this.results = new Map();
    this.sequences = new Map();
    this.acks = {};
    this.version = 0;
    this.requests = [];
    this.fault = () => null;
    this.verdict = () => null;
    this.pageSize = 1000;
  }

  /** This server as a device sees it. */
  remote() {
    return {
      push: (wish) => this.#answer('push', wish, () => this.push(structuredClone(wish))),
      pull: (cursor) => this.#answer('pull', cursor, () => this.pull(cursor)),
      resync: (commits) => this.#answer('resync', commits, () => this.resync(commits)),
    };
  }

  async #answer(name, what, work) {
    this.requests.push({ name, what: structuredClone(what) });
    await null;
    if (this.fault(name, 'before', this.requests.length) === 'lose') throw new NetworkFailed('cut before');
    const answer = structuredClone(work());
    await null;
    if (this.fault(name, 'after', this.requests.length) === 'lose') throw new NetworkFailed('cut after');
    return answer;
  }

  push({ device_id, first_seq, ops }) {
    ops.forEach((op, i) => {
      const slot = `${device_id}/${first_seq + i}`;
      if ((this.sequences.get(slot) ?? op.id) !== op.id) throw new Error(`sequence ${slot} was used for another op`);
      this.sequences.set(slot, op.id);
    });
    const results = ops.map((op) => this.#take(op));
    this.acks[device_id] = Math.max(this.acks[device_id] ?? 0, first_seq + ops.length - 1);
    return {
      epoch: this.epoch,
      version: this.version,
      server_time: new Date(NOW).toISOString(),
      acked_seq: this.acks[device_id],
      results,
    };
  }

  #take(op) {
    const verdict = this.verdict(op);
    if (verdict?.status === 'retry') return { id: op.id, ...verdict };
    if (this.results.has(op.id)) return { ...this.results.get(op.id), status: 'duplicate' };
    const result = { id: op.id, ...(verdict ?? this.#merge(op)) };
    this.results.set(op.id, result);
    return result;
  }

  #merge(op) {
    const key = this.objects.get(op.key)?.merged_into ?? op.key;
    const held = this.objects.get(key);
    if (!held && op.base > 0) return { status: 'superseded', code: 'gone' };
    const paper = op.set?.saved_from && this.#paperOf(op.set.saved_from.url);
    const twin =
      paper && [...this.objects.values()].find((one) => one.data?.paper_id === paper && one.type === 'entry');
    if (paper && twin && twin.key !== op.key) {
      this.#write({ type: 'entry', key: op.key, deleted: true, merged_into: twin.key });
      return { status: 'merged', version: twin.version, object: this.#shown(twin) };
    }
    const data = { tags: [], ...held?.data, ...op.set, ...(paper && { paper_id: paper }) };
    for (const [field, members] of Object.entries(op.add ?? {}))
      data[field] = [...new Set([...(data[field] ?? []), ...members])];
    for (const [field, members] of Object.entries(op.del ?? {}))
      data[field] = data[field].filter((one) => !members.includes(one));
    const deleted = op.op === 'put' ? Boolean(held?.deleted) : op.op === 'delete';
    this.#write({ type: op.type, key, data, deleted });
    return { status: 'applied', version: this.version };
  }

  /** The paper of an address; made where it is new, with the title that a source would bring. */
  #paperOf(url) {
    const [scheme, value] = namesOf(url)[0].split(/:(.*)/s);
    const found = [...this.objects.values()].find(
      (one) => one.type === 'paper' && one.data.identifiers[scheme]?.includes(value),
    );
    if (found) return found.key;
    const key = newId();
    this.#write({
      type: 'paper',
      key,
      data: {
        title: `Title of ${value}`,
        authors: [{ family: 'Noether', given: 'Emmy' }],
        identifiers: { [scheme]: [value] },
      },
    });
    return key;
  }

  #write(object) {
    this.version += 1;
    this.objects.set(object.key, { ...object, version: this.version });
  }

  #shown({ type, key, version, data, deleted, merged_into }) {
    return deleted
      ? { type, key, version, deleted, ...(merged_into && { merged_into }) }
      : { type, key, version, data };
  }

  pull(cursor) {
    const since = Number(cursor ?? 0);
    const later = [...this.objects.values()].filter((one) => one.version > since).sort((a, b) => a.version - b.version);
    const page = later.slice(0, this.pageSize);
    const more = page.length < later.length;
    const reached = more ? page.at(-1).version : this.version;
    return {
      epoch: this.epoch,
      changes: page.map((one) => this.#shown(one)),
      cursor: String(reached),
      more,
      upto: this.version,
      commit: [this.version, `t${this.version}`],
      acks: { ...this.acks },
      server_time: new Date(NOW).toISOString(),
    };
  }

  resync() {
    return { epoch: this.epoch, at_version: this.version };
  }

  /** The live objects of a type, as the server holds them. */
  live(type) {
    return [...this.objects.values()].filter((one) => one.type === type && !one.deleted);
  }
}

/** A page with the extension's classic scripts in it. */
export function makePage(html, { url = ARXIV, scripts = [], globals = {} } = {}) {
  const dom = new JSDOM(html, { url, runScripts: 'outside-only' });
  Object.assign(dom.window, { TextEncoder, ...globals });
  for (const name of scripts) {
    dom.window.eval(readFileSync(new URL(`../../extension/src/page/${name}.js`, import.meta.url), 'utf8'));
  }
  return { window: dom.window, document: dom.window.document, scholium: dom.window.__scholium };
}
