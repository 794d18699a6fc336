/** The outbox: written first, numbered once, never lost. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { nextBatch } from '../../extension/src/batches.js';
import { asked, transact } from '../../extension/src/db.js';
import { newId } from '../../extension/src/ids.js';
import { nextStamp } from '../../extension/src/hlc.js';
import { adopt } from '../../extension/src/mirror.js';
import { add, dismiss, everything, queue, withdraw } from '../../extension/src/outbox.js';
import { DEVICE, LIBRARY, makeDevice, NOW, save, saveWish } from './make.mjs';

const OTHER = '0199a000-0000-7000-8000-000000000002';

test('a save is on the disk once add returns, with its page', async () => {
  const { db, again } = await makeDevice();
  const page = {
    title: 'A Paper',
    canonical: null,
    lang: 'en',
    content_type: 'text/html',
    metas: [],
    jsonld: [],
    links: [],
    text: 'words',
  };
  await save(db, undefined, { page });
  db.close();
  const [op] = await everything(await again());
  assert.equal(op.set.saved_from.url, 'https://arxiv.org/abs/2401.01234');
  assert.deepEqual(op.page, page);
});

test('a failing wish leaves none of its companions behind', async () => {
  const { db } = await makeDevice();
  const broken = { ...saveWish(), set: { saved_from: { url: 'https://x.example/', page: () => 1 } } };
  await assert.rejects(add(db, [saveWish(), broken], NOW));
  assert.equal((await queue(db)).waiting, 0);
});

test('ops made before any connection get library, device and sequence at the first push', async () => {
  const { db } = await makeDevice({ paired: false });
  await save(db);
  assert.equal(await nextBatch(db, NOW), null);
  await adopt(db, { library_id: LIBRARY, device_id: DEVICE });
  const { wish } = await nextBatch(db, NOW);
  assert.equal(wish.library_id, LIBRARY);
  assert.equal(wish.first_seq, 1);
  assert.match(wish.ops[0].hlc, new RegExp(`^[0-9a-f]{12}-[0-9a-f]{4}-${DEVICE}$`));
});

test('a batch that was not answered comes again with the same ids and sequences, also after a restart', async () => {
  const { db, again } = await makeDevice();
  await save(db);
  await save(db, 'https://arxiv.org/abs/2401.00002');
  const first = await nextBatch(db, NOW);
  await save(db, 'https://arxiv.org/abs/2401.00003');
  db.close();
  const second = await nextBatch(await again(), NOW);
  assert.deepEqual(second.wish, first.wish);
});

test('a batch holds 200 ops and less than a MiB at most', async () => {
  const { db } = await makeDevice();
  const small = Array.from({ length: 250 }, () => saveWish());
  await add(db, small, NOW);
  assert.equal((await nextBatch(db, NOW)).wish.ops.length, 200);
  const { db: other } = await makeDevice();
  const text = 'Wörter '.repeat(30_000);
  await add(
    other,
    Array.from({ length: 12 }, () => saveWish(undefined, { page: { text } })),
    NOW,
  );
  const { wish } = await nextBatch(other, NOW);
  assert.ok(wish.ops.length > 1 && new TextEncoder().encode(JSON.stringify(wish)).length < 1024 * 1024);
});

test('an undo of a save that no server knows leaves no trace', async () => {
  const { db } = await makeDevice();
  const key = await save(db, undefined, { page: { text: 'x' } });
  await add(db, [{ type: 'entry', key, op: 'put', set: { status: 'read' } }], NOW);
  assert.equal(await withdraw(db, key), true);
  assert.deepEqual(await everything(db), []);
  assert.equal(await transact(db, 'readonly', ['pages'], (tx) => asked(tx.objectStore('pages').count())), 0);
});

test('a save that is on its way can no longer be undone without a trace', async () => {
  const { db } = await makeDevice();
  const key = await save(db);
  await nextBatch(db, NOW);
  assert.equal(await withdraw(db, key), false);
  assert.equal((await queue(db)).waiting, 1);
});

test('ops of another library wait for it and are not sent to this one', async () => {
  const { db } = await makeDevice();
  await save(db);
  await adopt(db, { library_id: OTHER, device_id: newId() });
  await save(db, 'https://arxiv.org/abs/2401.00002');
  const { wish } = await nextBatch(db, NOW);
  assert.deepEqual(
    wish.ops.map((op) => op.set.saved_from.url),
    ['https://arxiv.org/abs/2401.00002'],
  );
  assert.deepEqual([(await queue(db)).waiting, (await queue(db)).parked], [1, 1]);
  await adopt(db, { library_id: LIBRARY, device_id: newId() });
  assert.equal((await nextBatch(db, NOW)).wish.ops[0].set.saved_from.url, 'https://arxiv.org/abs/2401.01234');
});

test('a new device counts from one, and sends under its own name what an old one had numbered', async () => {
  const { db } = await makeDevice();
  const [gone] = await add(db, [saveWish()], NOW);
  await nextBatch(db, NOW);
  await dismiss(db, gone.order);
  await save(db);
  assert.equal((await nextBatch(db, NOW)).wish.first_seq, 2);
  await adopt(db, { library_id: LIBRARY, device_id: OTHER });
  const { wish } = await nextBatch(db, NOW);
  assert.deepEqual([wish.first_seq, wish.device_id], [1, OTHER]);
});

test("the clock goes on when the machine's clock goes back", async () => {
  const { db } = await makeDevice();
  const [first] = await add(db, [saveWish()], NOW);
  const [second] = await add(db, [saveWish()], NOW - 3_600_000);
  assert.ok(second.stamp > first.stamp);
  assert.equal(nextStamp('0193f2c1a7b4-ffff', 0), '0193f2c1a7b5-0000');
});

test('ids sort by the order in which they were made', () => {
  const ids = Array.from({ length: 5000 }, () => newId(NOW));
  assert.deepEqual(ids.toSorted(), ids);
  assert.match(ids[0], /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});
