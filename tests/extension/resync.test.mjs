/** A fresh start: a server that was restored from a backup gets back what its devices hold. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { asked, transact } from '../../extension/src/db.js';
import { ResyncNeeded } from '../../extension/src/errors.js';
import { add, everything } from '../../extension/src/outbox.js';
import { sync } from '../../extension/src/sync.js';
import { putTag } from '../../extension/src/tags.js';
import { findEntry } from '../../extension/src/views.js';
import { FakeServer, makeDevice, NOW, save, syncOnce } from './make.mjs';

test('what a server took and forgot before it was pulled goes out again', async () => {
  const { db } = await makeDevice();
  const server = new FakeServer();
  await save(db);
  const remote = server.remote();
  let pulls = 0;
  const pull = (cursor) => {
    pulls += 1;
    if (pulls > 1) return remote.pull(cursor);
    server.objects.clear();
    server.results.clear();
    return Promise.reject(new ResyncNeeded('epoch'));
  };
  await sync({ db, remote: { ...remote, pull }, now: () => NOW, random: () => 0.5 }, true);
  assert.equal(server.live('entry').length, 1);
});

test('a server that was restored from a backup gets back what it lost, and the outbox is kept', async () => {
  const { db } = await makeDevice();
  const server = new FakeServer();
  const kept = await save(db);
  await syncOnce(db, server);
  const backup = structuredClone([...server.objects]);
  const lost = await save(db, 'https://arxiv.org/abs/2401.00002');
  await putTag(db, lost, 'thesis');
  await add(db, [{ type: 'entry', key: kept, op: 'put', set: { status: 'read' } }], NOW);
  await syncOnce(db, server);
  restore(server, backup);
  await add(db, [{ type: 'entry', key: lost, op: 'put', set: { rating: 5 } }], NOW);
  await syncAfterRestore(db, server);
  const entries = Object.fromEntries(server.live('entry').map((one) => [one.key, one.data]));
  assert.equal(entries[kept].status, 'read');
  assert.equal(entries[lost].rating, 5);
  assert.equal(entries[lost].saved_from.url, 'arXiv:2401.00002');
  assert.equal(server.live('tag').length, 1);
  assert.equal((await findEntry(db, ['arxiv:2401.00002'])).tags.length, 1);
});

test('a deletion that the server forgot is made again', async () => {
  const { db } = await makeDevice();
  const server = new FakeServer();
  const key = await save(db);
  await syncOnce(db, server);
  const backup = structuredClone([...server.objects]);
  await add(db, [{ type: 'entry', key, op: 'delete' }], NOW);
  await syncOnce(db, server);
  restore(server, backup);
  await syncAfterRestore(db, server);
  assert.equal(server.live('entry').length, 0);
});

test('what the server lost long ago is kept on the device and pushed by nobody', async () => {
  const { db } = await makeDevice();
  const server = new FakeServer();
  const key = await save(db);
  await syncOnce(db, server);
  server.objects.clear();
  const remote = server.remote();
  let asks = 0;
  const pull = (cursor) => ((asks += 1) === 1 ? Promise.reject(new ResyncNeeded('floor')) : remote.pull(cursor));
  await sync({ db, remote: { ...remote, pull }, now: () => NOW, random: () => 0.5 }, true);
  assert.equal(await findEntry(db, ['arxiv:2401.01234']), null);
  const kept = await transact(db, 'readonly', ['keepsakes'], (tx) => asked(tx.objectStore('keepsakes').getAll()));
  assert.deepEqual(
    kept.map((row) => [row.key, row.kept_at]),
    [[key, NOW]],
  );
  assert.deepEqual(await everything(db), []);
});

/** Put an old state of a server back, as a backup does: it has forgotten ops and versions. */
function restore(server, backup) {
  server.objects = new Map(backup);
  server.results.clear();
  server.version = Math.max(...[...server.objects.values()].map((one) => one.version));
  server.epoch = 'e2';
}

/** One run of sync in which the server asks for a fresh start first. */
async function syncAfterRestore(db, server) {
  const remote = server.remote();
  let asks = 0;
  const once = (call) => (what) => ((asks += 1) === 1 ? Promise.reject(new ResyncNeeded('epoch')) : call(what));
  await sync(
    { db, remote: { ...remote, pull: once(remote.pull), push: once(remote.push) }, now: () => NOW, random: () => 0.5 },
    true,
  );
}
