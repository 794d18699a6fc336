/** What a server has forgotten, by a purge or by a restore, and what its devices make of it. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { binned, putBack } from '../../extension/src/bin.js';
import { nextBatch, settle } from '../../extension/src/batches.js';
import { asked, transact } from '../../extension/src/db.js';
import { add, everything } from '../../extension/src/outbox.js';
import { FakeServer, makeDevice, NOW, save, syncOnce } from './make.mjs';

const edit = (db, key, set) => add(db, [{ type: 'entry', key, op: 'put', set }], NOW);
const say = (db, key, op) => add(db, [{ type: 'entry', key, op }], NOW);
const rowOf = (db, key) => transact(db, 'readonly', ['rows'], (tx) => asked(tx.objectStore('rows').get(key)));

/** The ops that a device sends to a restored server at once. */
async function given(db, server) {
  const before = server.requests.length;
  await syncOnce(db, server);
  const pushes = server.requests.slice(before).filter((one) => one.name === 'push' && one.what.epoch === server.epoch);
  return pushes.flatMap((one) => one.what.ops);
}

/** A device with one entry that it and the server know. */
async function known() {
  const { db } = await makeDevice();
  const server = new FakeServer();
  const key = await save(db);
  await syncOnce(db, server);
  return { db, server, key };
}

test('every edit of an object that the server has forgotten is on it in the bin', async () => {
  const { db, server, key } = await known();
  server.objects.delete(key);
  await edit(db, key, { note: 'first' });
  await edit(db, key, { status: 'read' });
  await syncOnce(db, server);
  const [{ data }] = await binned(db, NOW);
  assert.deepEqual([data.note, data.status], ['first', 'read']);
  assert.deepEqual(await everything(db), []);
});

test('an edit of what is in nobody’s sight any more is refused with its reason, not dropped', async () => {
  const { db, server, key } = await known();
  await say(db, key, 'delete');
  await syncOnce(db, server);
  server.objects.delete(key);
  await edit(db, key, { note: 'written late' });
  await syncOnce(db, server);
  const [op] = await everything(db);
  assert.deepEqual([op.state, op.code, op.set.note], ['refused', 'gone', 'written late']);
});

test('to delete what the server has forgotten is to be rid of it', async () => {
  const { db, server, key } = await known();
  server.objects.delete(key);
  await say(db, key, 'delete');
  await syncOnce(db, server);
  const row = await rowOf(db, key);
  assert.deepEqual([row.deleted, row.version], [true, server.version]);
  assert.deepEqual([await everything(db), await binned(db, NOW)], [[], []]);
});

test('a restored server is told what was undone since the backup, for another device may tell it what was done', async () => {
  const { db, server, key } = await known();
  const backup = server.backup();
  await edit(db, key, { status: 'read' });
  await syncOnce(db, server);
  await edit(db, key, { status: 'to_read' });
  await syncOnce(db, server);
  server.restore(backup);
  const [op] = await given(db, server);
  assert.equal(op.set.status, 'to_read');
});

test('what came out of the trash after the backup comes out again', async () => {
  const { db, server, key } = await known();
  await say(db, key, 'delete');
  await syncOnce(db, server);
  const backup = server.backup();
  await say(db, key, 'restore');
  await syncOnce(db, server);
  server.restore(backup);
  const ops = await given(db, server);
  assert.deepEqual(
    ops.map((one) => [one.key, one.op, one.whole]),
    [[key, 'put', true]],
  );
  assert.equal(server.live('entry').length, 1);
});

test('where deletions were forgotten since, what a restored server lacks goes to the bin', async () => {
  const { db, server } = await known();
  const backup = server.backup();
  const lost = await save(db, 'https://arxiv.org/abs/2401.00002');
  await syncOnce(db, server);
  server.restore(backup);
  server.floor = 1000;
  await syncOnce(db, server);
  assert.equal(server.live('entry').length, 1);
  assert.deepEqual(
    (await binned(db, NOW)).map((row) => row.key),
    [lost],
  );
});

test('what is given back after its deletion was forgotten is in the bin, with what waited on it, and can be put back', async () => {
  const { db, server, key } = await known();
  const backup = server.backup();
  const lost = await save(db, 'https://arxiv.org/abs/2401.00002');
  await syncOnce(db, server);
  await edit(db, lost, { note: 'mine' });
  server.restore(backup);
  server.verdict = (op) => (op.key === lost ? { status: 'superseded', code: 'gone' } : null);
  await syncOnce(db, server);
  const [{ key: found, data }] = await binned(db, NOW);
  assert.deepEqual([found, data.note, data.saved_from.url], [lost, 'mine', 'https://arxiv.org/abs/2401.00002']);
  assert.deepEqual(await everything(db), []);
  server.verdict = () => null;
  await putBack(db, lost, NOW);
  await syncOnce(db, server);
  assert.deepEqual(server.live('entry').map((one) => one.key).sort(), [key, lost].sort());
});

test('what was taken before a restore by hand, and never pulled, goes out again', async () => {
  const { db } = await makeDevice();
  const server = new FakeServer();
  const backup = server.backup();
  await save(db);
  server.fault = (name) => (name === 'pull' ? 'lose' : null);
  await syncOnce(db, server);
  server.fault = () => null;
  server.restore(backup, { byHand: true });
  await syncOnce(db, server);
  await syncOnce(db, server);
  assert.equal(server.live('entry').length, 1);
  assert.deepEqual(await everything(db), []);
});

test('an answer tells what the server holds; one that comes again may tell of what was deleted and forgotten since', async () => {
  for (const [status, isLearned] of [
    ['merged', true],
    ['duplicate', false],
  ]) {
    const { db, server, key } = await known();
    const { type, version, data } = server.objects.get(key);
    await edit(db, key, { note: 'mine' });
    await transact(db, 'readwrite', ['rows'], async (tx) => void tx.objectStore('rows').delete(key));
    const batch = await nextBatch(db, NOW);
    const result = { id: batch.wish.ops[0].id, status, version, lost: ['note'], object: { type, key, version, data } };
    const said = { epoch: 'e1', version: version + 1, server_time: new Date(NOW).toISOString(), acked_seq: 2 };
    await settle(db, batch, { ...said, results: [result] }, NOW);
    assert.equal(Boolean(await rowOf(db, key)), isLearned);
  }
});

test('an edit on top of edits that wait knows the object as they do, though its row is in the bin', async () => {
  const { db, server, key } = await known();
  const base = server.version;
  await edit(db, key, { note: 'first' });
  await transact(db, 'readwrite', ['rows'], async (tx) => void tx.objectStore('rows').delete(key));
  await edit(db, key, { status: 'read' });
  const ops = await everything(db);
  assert.ok(ops[0].base > 0 && ops[0].base <= base);
  assert.equal(ops[1].base, ops[0].base);
});
