/** A worker that dies before the n-th thing it asks of the database or the server, for every n. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { wantAudit } from '../../extension/src/digest.js';
import { add, everything } from '../../extension/src/outbox.js';
import { sync } from '../../extension/src/sync.js';
import { putTag } from '../../extension/src/tags.js';
import { asked, transact } from '../../extension/src/db.js';
import { FakeServer, makeDevice, NOW, save, saveWish, syncOnce } from './make.mjs';

const OTHER = 'https://arxiv.org/abs/2401.00002';
const PHONE = '0199a000-0000-7000-8000-00000000000e';

/**
 * A database whose calls are counted, down to each request of each store; at the n-th the worker is dead for good:
 * nothing it asks afterwards is done.
 */
function mortal(db, life) {
  const step = () => {
    if ((life.left -= 1) <= 0) throw new Error('the worker died');
  };
  const guarded = (target, inner) =>
    new Proxy(target, {
      get: (_, name) => {
        const value = target[name];
        if (typeof value !== 'function') return value;
        return (...all) => inner(name, value.bind(target), all);
      },
      set: (_, name, value) => Reflect.set(target, name, value),
    });
  const request = (name, call, all) => {
    step();
    const made = call(...all);
    return name === 'index' ? guarded(made, request) : made;
  };
  const inTransaction = (name, call, all) => (name === 'objectStore' ? guarded(call(...all), request) : call(...all));
  return guarded(db, (name, call, all) => {
    step();
    return name === 'transaction' ? guarded(call(...all), inTransaction) : call(...all);
  });
}

/**
 * Play a scene once to its end, then again and again, dying one step later each time and going on after a restart.
 * @returns {Promise<number>} how many deaths were died
 */
async function dieEverywhere(prepare, act, finish, look) {
  const whole = await play(Infinity);
  for (let step = 1; ; step += 1) {
    const { died, seen } = await play(step);
    assert.deepEqual(seen, whole.seen, `after dying at step ${step}`);
    if (!died) return step - 1;
  }

  async function play(left) {
    const life = { left };
    const { db, again, server } = await prepare();
    server.fault = () => ((life.left -= 1) <= 0 ? 'lose' : null);
    await act(mortal(db, life), server).catch(() => undefined);
    server.fault = () => null;
    db.close();
    const reopened = await again();
    await finish(reopened, server);
    return { died: life.left <= 0, seen: await look(reopened, server) };
  }
}

const run = (db, server) => sync({ db, remote: server.remote(), now: () => NOW, random: () => 0.5 }, true);

/** What must come out the same: the server's objects without their ids, its counter, and an empty outbox. */
async function outcome(db, server) {
  const rows = await transact(db, 'readonly', ['rows'], (tx) => asked(tx.objectStore('rows').getAll()));
  return {
    versions: server.version,
    objects: [...server.objects.values()].map(({ type, deleted, data }) => [
      type,
      Boolean(deleted),
      data?.status,
      data?.name,
      data?.note,
      data?.tags?.length,
    ]),
    mirrored: rows.map((row) => [row.type, row.version, Boolean(row.deleted), row.stale ?? 0]).sort(),
    waiting: (await everything(db)).map((op) => op.state),
  };
}

test('a save is kept whole with its tag and its page, or not at all', async () => {
  const page = { title: 'A Paper', metas: [], text: 'words' };
  let kept = 0;
  for (let step = 1; ; step += 1) {
    const { db, again } = await makeDevice();
    const life = { left: step };
    const wishes = [saveWish(undefined, { page }), { ...saveWish(OTHER), hint: null }];
    const done = await add(mortal(db, life), wishes, NOW).then(
      () => true,
      () => false,
    );
    db.close();
    const ops = await everything(await again());
    assert.equal(ops.length, done ? 2 : 0, `step ${step}`);
    assert.deepEqual(
      ops.map((op) => op.page),
      done ? [page, undefined] : [],
    );
    if (done) break;
    kept += 1;
  }
  assert.ok(kept > 8, `only ${kept} places to die`);
});

test('a push and its answer: nothing is lost, and nothing is done twice', async () => {
  const deaths = await dieEverywhere(
    async () => {
      const made = await makeDevice();
      const key = await save(made.db, undefined, { page: { text: 'words' } });
      await putTag(made.db, key, 'thesis');
      await save(made.db, OTHER);
      await add(made.db, [{ type: 'entry', key, op: 'put', set: { status: 'read' } }], NOW);
      return { ...made, server: new FakeServer() };
    },
    run,
    syncOnce,
    outcome,
  );
  assert.ok(deaths > 40, `only ${deaths} places to die`);
});

test('a long pull goes on where it was, page by page', async () => {
  const deaths = await dieEverywhere(
    async () => {
      const server = new FakeServer();
      const { db: desktop } = await makeDevice();
      await save(desktop);
      await putTag(desktop, await save(desktop, OTHER), 'thesis');
      await syncOnce(desktop, server);
      server.pageSize = 2;
      return { ...(await makeDevice({ device: PHONE })), server };
    },
    run,
    syncOnce,
    outcome,
  );
  assert.ok(deaths > 30, `only ${deaths} places to die`);
});

test('a fresh start after a restore: all comes back once, and what waited goes out once', async () => {
  const deaths = await dieEverywhere(
    async () => {
      const server = new FakeServer();
      const made = await makeDevice();
      const kept = await save(made.db);
      const gone = await save(made.db, 'https://arxiv.org/abs/2401.00003');
      await syncOnce(made.db, server);
      const backup = server.backup();
      await putTag(made.db, await save(made.db, OTHER), 'thesis');
      await add(made.db, [{ type: 'entry', key: kept, op: 'put', set: { note: 'mine' } }], NOW);
      await add(made.db, [{ type: 'entry', key: gone, op: 'delete' }], NOW);
      await syncOnce(made.db, server);
      server.restore(backup);
      server.pageSize = 2;
      await add(made.db, [{ type: 'entry', key: kept, op: 'put', set: { status: 'read' } }], NOW);
      return { ...made, server };
    },
    run,
    syncOnce,
    outcome,
  );
  assert.ok(deaths > 100, `only ${deaths} places to die`);
});

test('an audit that repairs a bucket', async () => {
  const deaths = await dieEverywhere(
    async () => {
      const server = new FakeServer();
      const made = await makeDevice();
      const key = await save(made.db);
      await syncOnce(made.db, server);
      await transact(made.db, 'readwrite', ['rows'], async (tx) => void tx.objectStore('rows').delete(key));
      await wantAudit(made.db);
      return { ...made, server };
    },
    run,
    syncOnce,
    outcome,
  );
  assert.ok(deaths > 20, `only ${deaths} places to die`);
});
