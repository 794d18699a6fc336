/** What a device gives back to a server that forgot, beside what waits in its outbox. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { asked, transact } from '../../extension/src/db.js';
import { add, everything, tryAgain } from '../../extension/src/outbox.js';
import { findEntry } from '../../extension/src/views.js';
import { FakeServer, makeDevice, NOW, save, syncOnce } from './make.mjs';

const rowOf = (db, key) => transact(db, 'readonly', ['rows'], (tx) => asked(tx.objectStore('rows').get(key)));

test('a server that was set back by hand to where this device had pulled is found out by what it forgot', async () => {
  const { db } = await makeDevice();
  const server = new FakeServer();
  const key = await save(db);
  await syncOnce(db, server);
  const backup = server.backup();
  const shown = { ...server.objects.get(key), data: { ...server.objects.get(key).data, status: 'reading' } };
  await add(db, [{ type: 'entry', key, op: 'put', set: { status: 'read', note: 'mine' } }], NOW);
  server.verdict = () => ({ status: 'merged', lost: ['status'], object: { ...shown, version: server.version + 5 } });
  server.fault = (name, when) => (name === 'pull' && server.requests.some((one) => one.name === 'push') && when === 'before' ? 'lose' : null);
  server.requests.length = 0;
  await syncOnce(db, server);
  server.restore(backup, { byHand: true });
  server.verdict = () => null;
  server.fault = () => null;
  await syncOnce(db, server);
  const [{ data, version }] = server.live('entry');
  assert.equal(data.note, 'mine');
  assert.equal((await findEntry(db, ['arxiv:2401.01234'])).entry.data.note, 'mine');
  assert.equal((await rowOf(db, key)).version, version);
  assert.deepEqual(await everything(db), []);
});

test('what waits on what is given back is later than that, whatever its clock said, and says what it had seen', async () => {
  const { db } = await makeDevice();
  const server = new FakeServer();
  const key = await save(db);
  await syncOnce(db, server);
  const backup = server.backup();
  await add(db, [{ type: 'entry', key, op: 'put', set: { status: 'reading' } }], NOW);
  await syncOnce(db, server);
  server.restore(backup);
  await add(db, [{ type: 'entry', key, op: 'put', set: { status: 'read' } }], NOW - 3_600_000);
  await add(db, [{ type: 'entry', key, op: 'put', set: { rating: 4 } }], NOW - 3_600_000);
  await transact(db, 'readwrite', ['outbox'], async (tx) => {
    for (const op of await asked(tx.objectStore('outbox').getAll())) tx.objectStore('outbox').put({ ...op, stamp: '000000000001-0000' });
  });
  await syncOnce(db, server);
  const { ops } = server.requests.filter((one) => one.name === 'push').at(-1).what;
  assert.deepEqual(
    ops.map((op) => [Boolean(op.whole), op.seen.version]),
    [
      [true, backup.version + 1],
      [false, backup.version + 1],
      [false, backup.version + 1],
    ],
  );
  assert.ok(ops[0].hlc < ops[1].hlc && ops[1].hlc < ops[2].hlc);
});

test('an edit that is made while the device starts anew says what it had seen, too', async () => {
  const { db } = await makeDevice();
  const server = new FakeServer();
  const key = await save(db);
  await syncOnce(db, server);
  const backup = server.backup();
  await add(db, [{ type: 'entry', key, op: 'put', set: { status: 'reading' } }], NOW);
  await syncOnce(db, server);
  const { version } = await rowOf(db, key);
  server.restore(backup);
  server.fault = (name) => (name === 'pull' && server.requests.some((one) => one.name === 'resync') ? 'lose' : null);
  await syncOnce(db, server);
  await add(db, [{ type: 'entry', key, op: 'put', set: { note: 'mine' } }], NOW);
  server.fault = () => null;
  await syncOnce(db, server);
  const { ops } = server.requests.filter((one) => one.name === 'push').at(-1).what;
  assert.deepEqual(
    ops.map((op) => [Boolean(op.whole), op.base, op.seen]),
    [true, false].map((whole) => [whole, backup.version, { epoch: 'e1', version }]),
  );
});

test('what was given back and refused goes out again as what it was, under another id', async () => {
  const { db } = await makeDevice();
  const server = new FakeServer();
  await syncOnce(db, server);
  const backup = server.backup();
  await save(db);
  await syncOnce(db, server);
  server.restore(backup);
  server.verdict = () => ({ status: 'rejected', code: 'bad_url' });
  await syncOnce(db, server);
  const [refused] = await everything(db);
  await tryAgain(db, refused.order, NOW);
  const [again] = await everything(db);
  assert.deepEqual([again.whole, again.seen, again.stamp, again.order], [true, refused.seen, refused.stamp, refused.order]);
  server.verdict = () => null;
  await syncOnce(db, server);
  assert.notEqual(again.id, refused.id);
  assert.deepEqual([server.live('entry').length, await everything(db)], [1, []]);
});

test('what waits for a key that was merged only in the history that was lost starts anew with it', async () => {
  const { db } = await makeDevice();
  const server = new FakeServer();
  const kept = await save(db);
  await syncOnce(db, server);
  const backup = server.backup();
  const other = await save(db, 'https://arxiv.org/abs/2401.00002');
  await syncOnce(db, server);
  await add(db, [{ type: 'entry', key: other, op: 'put', set: { status: 'read' } }], NOW);
  server.verdict = () => ({ status: 'held' });
  await syncOnce(db, server);
  server.objects.set(other, { type: 'entry', key: other, version: (server.version += 1), deleted: true, merged_into: kept });
  await syncOnce(db, server);
  server.restore(backup);
  [server.held, server.verdict] = [[], () => null];
  await syncOnce(db, server);
  const push = server.requests.findLast((one) => one.name === 'push');
  assert.deepEqual(
    push.what.ops.filter((op) => op.key === other).map((op) => [op.base, op.set]),
    [[0, { status: 'read' }]],
  );
});

test('deletions are given back first, then what lived, in the order of the history that was lost', async () => {
  const { db } = await makeDevice();
  const server = new FakeServer();
  const kept = await save(db);
  const gone = await save(db, 'https://arxiv.org/abs/2401.00002');
  await syncOnce(db, server);
  const backup = server.backup();
  const later = await save(db, 'https://arxiv.org/abs/2401.00003');
  await syncOnce(db, server);
  await add(db, [{ type: 'entry', key: kept, op: 'put', set: { rating: 5 } }], NOW);
  await add(db, [{ type: 'entry', key: gone, op: 'delete' }], NOW);
  await syncOnce(db, server);
  server.restore(backup);
  await syncOnce(db, server);
  const given = server.requests.findLast((one) => one.name === 'push').what.ops;
  assert.deepEqual(
    given.map((op) => [op.key, op.op]),
    [
      [gone, 'delete'],
      [later, 'put'],
      [kept, 'put'],
    ],
  );
});
