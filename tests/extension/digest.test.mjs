/** The audit: it finds what differs, pulls that and nothing else, and throws nothing away. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { binned } from '../../extension/src/bin.js';
import { asked, transact } from '../../extension/src/db.js';
import { digestOf, wantAudit } from '../../extension/src/digest.js';
import { Refused } from '../../extension/src/errors.js';
import { state } from '../../extension/src/mirror.js';
import { sync } from '../../extension/src/sync.js';
import { findEntry } from '../../extension/src/views.js';
import { FakeServer, makeDevice, NOW, save, syncOnce } from './make.mjs';

const WEEK = 7 * 24 * 60 * 60_000;
const change = (db, work) => transact(db, 'readwrite', ['rows'], async (tx) => work(tx.objectStore('rows')));
const asks = (server, name) => server.requests.filter((one) => one.name === name).length;

/** A device and a server that agree on three papers. */
async function agreed() {
  const { db } = await makeDevice();
  const server = new FakeServer();
  const keys = [];
  for (const id of ['00001', '00002', '00003']) keys.push(await save(db, `https://arxiv.org/abs/2401.${id}`));
  await syncOnce(db, server);
  await wantAudit(db);
  server.requests = [];
  return { db, server, keys };
}

test('the digest is the one that the protocol defines', async () => {
  const buckets = await digestOf([
    { key: '0199a000-0000-7000-8000-000000000001', version: 1 },
    { key: '0199a000-0000-7000-8000-000000000001', version: 4_000_000_000 },
    { key: '0199a000-0000-7000-8000-000000000002', version: 7 },
  ]);
  const found = buckets.flatMap(({ count, sum }, n) => (count ? [[n, count, sum]] : []));
  assert.deepEqual(found, [
    [61, 2, 13898056395211],
    [85, 1, 163830366880172],
  ]);
});

test('a mirror that holds what the server holds pulls nothing again', async () => {
  const { db, server } = await agreed();
  await syncOnce(db, server);
  assert.deepEqual([asks(server, 'digest'), asks(server, 'bucket')], [1, 0]);
  await syncOnce(db, server);
  assert.equal(asks(server, 'digest'), 1);
});

test('rows that were lost, changed or are behind come back, and only their buckets are asked for', async () => {
  const { db, server, keys } = await agreed();
  const before = await transact(db, 'readonly', ['rows'], (tx) => asked(tx.objectStore('rows').getAll()));
  await change(db, async (rows) => {
    rows.delete(keys[0]);
    const row = await asked(rows.get(keys[1]));
    rows.put({ ...row, version: row.version + 40, data: { ...row.data, status: 'archived' } });
  });
  await syncOnce(db, server);
  const hurt = await digestOf(before.filter((row) => keys.slice(0, 2).includes(row.key)));
  assert.equal(asks(server, 'bucket'), hurt.filter(({ count }) => count).length);
  const after = await transact(db, 'readonly', ['rows'], (tx) => asked(tx.objectStore('rows').getAll()));
  assert.deepEqual(after, before);
});

test('a row that the server lacks goes to the bin', async () => {
  const { db, server, keys } = await agreed();
  server.objects.delete(keys[2]);
  await syncOnce(db, server);
  assert.equal(await findEntry(db, ['arxiv:2401.00003']), null);
  assert.deepEqual((await binned(db, NOW)).map((row) => row.key), [keys[2]]);
});

test('a library that moves meanwhile is not judged, but the next time', async () => {
  const { db, server, keys } = await agreed();
  await change(db, async (rows) => rows.delete(keys[0]));
  const remote = server.remote();
  const digest = async () => ({ ...(await remote.digest()), version: server.version + 1 });
  await sync({ db, remote: { ...remote, digest }, now: () => NOW, random: () => 0.5 }, true);
  assert.equal(asks(server, 'bucket'), 0);
  await syncOnce(db, server);
  assert.ok(await findEntry(db, ['arxiv:2401.00001']));
});

test('it is done weekly, not sooner', async () => {
  const { db } = await makeDevice();
  const server = new FakeServer();
  const at = (now) => sync({ db, remote: server.remote(), now: () => now, random: () => 0.5 }, true);
  for (const now of [NOW, NOW + WEEK - 1, NOW + WEEK, NOW + WEEK + 1]) await at(now);
  assert.equal(asks(server, 'digest'), 1);
});

test('an error that should not have been leads to an audit', async () => {
  const { db } = await makeDevice();
  const server = new FakeServer();
  await syncOnce(db, server);
  const pull = () => Promise.reject(new TypeError('a fault of ours'));
  await sync({ db, remote: { ...server.remote(), pull }, now: () => NOW, random: () => 0.5 }, true);
  await syncOnce(db, server);
  assert.equal(asks(server, 'digest'), 1);
});

test('a server without digests is let alone for a week', async () => {
  const { db, server } = await agreed();
  let asks_ = 0;
  const digest = () => {
    asks_ += 1;
    return Promise.reject(new Refused('no such route', 'not_found', 404));
  };
  for (let i = 0; i < 2; i += 1) {
    await sync({ db, remote: { ...server.remote(), digest }, now: () => NOW, random: () => 0.5 }, true);
  }
  assert.deepEqual([asks_, (await state(db)).trouble], [1, null]);
});
