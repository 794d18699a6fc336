/**
 * A server written by hand that can lose answers, refuse, forget and be restored from a backup.
 */

import { NetworkFailed, Refused, ResyncNeeded } from '../../extension/src/errors.js';
import { digestOf } from '../../extension/src/digest.js';
import { newId } from '../../extension/src/ids.js';
import { namesOf } from '../../extension/src/names.js';

export const NOW = 1_795_000_000_000;

/**
 * A server in memory: op ids known, sequences checked, versions counted, one paper one entry; it merges as simply as
 * can be. `fault` is asked before and after the work of each request: "lose" cuts the connection there.
 */
export class FakeServer {
  constructor() {
    this.epoch = 'e1';
    this.commits = new Map();
    this.tags = new Map();
    this.held = [];
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
      pull: (cursor, limit, tombstones) => this.#answer('pull', cursor, () => this.pull(cursor, tombstones)),
      resync: (commits) => this.#answer('resync', commits, () => this.resync(commits)),
      digest: () => this.#answer('digest', null, () => this.digest()),
      bucket: (n) => this.#answer('bucket', n, () => this.bucket(n)),
      held: () => this.#answer('held', null, () => ({ items: this.held, cursor: null })),
      settle: (id, action) => this.#answer('settle', id, () => this.settle(id, action)),
      settleAll: (action) => this.#answer('settleAll', action, () => this.settleAll(action)),
    };
  }

  async #answer(name, what, work) {
    this.requests.push({ name, what: structuredClone(what) });
    await null;
    if (this.fault(name, 'before', this.requests.length) === 'lose') throw new NetworkFailed();
    const answer = structuredClone(await work());
    await null;
    if (this.fault(name, 'after', this.requests.length) === 'lose') throw new NetworkFailed('broken');
    return answer;
  }

  push({ device_id, first_seq, ops, epoch }) {
    if (epoch && epoch !== this.epoch) throw new ResyncNeeded('epoch');
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
    if (this.held.some((one) => one.id === op.id)) return { id: op.id, status: 'held' };
    const verdict = this.verdict(op);
    if (verdict?.status === 'retry') return { id: op.id, ...verdict };
    if (this.results.has(op.id)) return { ...this.results.get(op.id), status: 'duplicate' };
    const result = { id: op.id, ...(verdict ?? this.#merge(op)) };
    if (result.status === 'held') this.held.push({ ...op, held_at: new Date(NOW).toISOString() });
    else this.results.set(op.id, result);
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
    const set = Object.fromEntries(Object.entries(op.set ?? {}).filter(([name]) => !this.#isLater(held, name, op)));
    const data = { tags: [], ...held?.data, ...set, ...(paper && { paper_id: paper }) };
    if (op.whole) data.tags = [];
    for (const [field, members] of Object.entries(op.add ?? {}))
      data[field] = [...new Set([...(data[field] ?? []), ...members])];
    for (const [field, members] of Object.entries(op.del ?? {}))
      data[field] = data[field].filter((one) => !members.includes(one));
    const deleted = op.op === 'put' ? Boolean(held?.deleted) && !op.whole : op.op === 'delete';
    const clocks = { ...held?.clocks, ...Object.fromEntries(Object.keys(set).map((name) => [name, op.hlc])) };
    this.#write({ type: op.type, key, data, deleted, clocks });
    return { status: 'applied', version: this.version };
  }

  /** Whether what is given back lacks a later writing. */
  #isLater(held, name, op) {
    return op.whole && held?.version > op.base && held.clocks?.[name] > op.hlc;
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
    this.commits.set(this.version, newId());
    this.objects.set(object.key, { ...object, version: this.version });
  }

  #shown({ type, key, version, data, deleted, merged_into }) {
    return deleted
      ? { type, key, version, deleted, ...(merged_into && { merged_into }) }
      : { type, key, version, data };
  }

  pull(cursor, tombstones = false) {
    const [epoch, at] = cursor?.split('/') ?? [this.epoch, '0'];
    if (epoch !== this.epoch) throw new ResyncNeeded('epoch');
    const since = Number(at);
    if (since > this.version) throw new ResyncNeeded('ahead');
    if (since && this.tags.get(cursor) !== this.commits.get(since)) throw new ResyncNeeded('epoch');
    const shown = (one) => one.version > since && (since || tombstones || !one.deleted || one.merged_into);
    const later = [...this.objects.values()].filter(shown).sort((a, b) => a.version - b.version);
    const page = later.slice(0, this.pageSize);
    const more = page.length < later.length;
    const reached = more ? page.at(-1).version : this.version;
    this.tags.set(`${this.epoch}/${reached}`, this.commits.get(reached));
    return {
      epoch: this.epoch,
      changes: page.map((one) => this.#shown(one)),
      cursor: `${this.epoch}/${reached}`,
      more,
      upto: this.version,
      commit: [this.version, this.commits.get(this.version) ?? ''],
      commits: [...this.commits].filter(([version]) => version > since && version < Math.min(reached + 1, this.version)),
      acks: { ...this.acks },
      server_time: new Date(NOW).toISOString(),
    };
  }

  resync(commits) {
    const common = commits.filter(([version, tag]) => this.commits.get(version) === tag);
    return { epoch: this.epoch, at_version: Math.max(0, ...common.map(([version]) => version)), floor: this.floor ?? 0 };
  }

  async digest() {
    const buckets = await digestOf([...this.objects.values()].filter((one) => !one.deleted));
    return { version: this.version, buckets: buckets.map(({ count, sum }) => [count, sum]) };
  }

  async bucket(n) {
    const live = [...this.objects.values()].filter((one) => !one.deleted);
    const keys = (await digestOf(live))[n].keys;
    const changes = live.filter((one) => keys.includes(one.key)).map((one) => this.#shown(one));
    return { version: this.version, changes, cursor: null };
  }

  settle(id, action) {
    const op = this.held.find((one) => one.id === id);
    if (!op) throw new Refused('no such held op', 'not_found', 404);
    this.held = this.held.filter((one) => one !== op);
    const result = action === 'confirm' ? this.#merge(op) : { status: 'rejected', code: 'discarded' };
    this.results.set(id, { id, ...result });
    return { version: this.version, results: [this.results.get(id)] };
  }

  /** Settle what is held, two ops a request. */
  settleAll(action) {
    const some = this.held.slice(0, 2);
    for (const op of some) this.settle(op.id, action);
    return { version: this.version, settled: some.length, more: this.held.length > 0 };
  }

  /** All that a backup holds. */
  backup() {
    const { objects, results, sequences, acks, version, commits } = this;
    return structuredClone({ objects, results, sequences, acks, version, commits });
  }

  /** Put a backup in place: what came later is forgotten. A new epoch begins, unless it was done by hand. */
  restore(backup, { byHand = false } = {}) {
    Object.assign(this, structuredClone(backup), { epoch: byHand ? this.epoch : `${this.epoch}+` });
  }

  /** The live objects of a type, as the server holds them. */
  live(type) {
    return [...this.objects.values()].filter((one) => one.type === type && !one.deleted);
  }
}
