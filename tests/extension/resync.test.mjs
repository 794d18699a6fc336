/** A fresh start: a server that was restored from a backup gets back what its devices hold. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { binned } from '../../extension/src/bin.js';
import { rememberPage } from '../../extension/src/mirror.js';
import { add, everything } from '../../extension/src/outbox.js';
import { putTag } from '../../extension/src/tags.js';
import { entryOf, findEntry } from '../../extension/src/views.js';
import { ARXIV, FakeServer, makeDevice, NOW, save, syncOnce } from './make.mjs';

const PHONE = '0199a000-0000-7000-8000-00000000000e';

test('what a server took and forgot before it was pulled goes out again', async () => {
  const { db } = await makeDevice();
  const server = new FakeServer();
  await save(db);
  await syncOnce(db, server);
  await save(db, 'https://arxiv.org/abs/2401.00002');
  const backup = server.backup();
  server.fault = (name) => (name === 'pull' ? 'lose' : null);
  await syncOnce(db, server);
  server.fault = () => null;
  server.restore(backup);
  await syncOnce(db, server);
  assert.equal(server.live('entry').length, 2);
});

test('a server that was restored from a backup gets back what it lost, and the outbox is kept', async () => {
  const { db } = await makeDevice();
  const server = new FakeServer();
  const kept = await save(db);
  await syncOnce(db, server);
  const backup = server.backup();
  const lost = await save(db, 'https://arxiv.org/abs/2401.00002');
  await putTag(db, lost, 'thesis');
  await add(db, [{ type: 'entry', key: kept, op: 'put', set: { status: 'read' } }], NOW);
  await syncOnce(db, server);
  server.restore(backup);
  await add(db, [{ type: 'entry', key: lost, op: 'put', set: { rating: 5 } }], NOW);
  await syncOnce(db, server);
  const entries = Object.fromEntries(server.live('entry').map((one) => [one.key, one.data]));
  assert.equal(entries[kept].status, 'read');
  assert.equal(entries[lost].rating, 5);
  assert.equal(server.live('tag').length, 1);
  assert.equal((await findEntry(db, ['arxiv:2401.00002'])).tags.length, 1);
  assert.deepEqual(await everything(db), []);
});

test('what is given back says which paper it was, where its address alone would not', async () => {
  const { db } = await makeDevice();
  const server = new FakeServer();
  await syncOnce(db, server);
  const backup = server.backup();
  const key = await save(db, 'https://publisher.example/article/9');
  await syncOnce(db, server);
  const paper = server.live('paper')[0];
  paper.data.identifiers = { doi: ['10.1234/abc'] };
  server.objects.set(paper.key, { ...paper, version: (server.version += 1) });
  await syncOnce(db, server);
  server.restore(backup);
  await syncOnce(db, server);
  const push = server.requests.findLast((one) => one.name === 'push');
  const { base, set } = push.what.ops.find((op) => op.key === key);
  assert.equal(base, 0);
  assert.equal(set.saved_from.url, 'https://publisher.example/article/9');
  assert.deepEqual(set.saved_from.page.metas[0], ['citation_doi', '10.1234/abc']);
});

test('what is given back goes out before what waits, as old as the last pull, on the last common version', async () => {
  const { db } = await makeDevice();
  const server = new FakeServer();
  const key = await save(db);
  await syncOnce(db, server);
  const backup = server.backup();
  await add(db, [{ type: 'entry', key, op: 'put', set: { status: 'reading', note: 'mine' } }], NOW);
  await syncOnce(db, server);
  server.restore(backup);
  await add(db, [{ type: 'entry', key, op: 'put', set: { status: 'read' } }], NOW + 60_000);
  await syncOnce(db, server);
  const { ops } = server.requests.filter((one) => one.name === 'push').at(-1).what;
  const seen = { epoch: 'e1', version: backup.version + 1 };
  assert.deepEqual(
    ops.map((op) => [op.base, op.set, op.seen, op.whole]),
    [
      [backup.version, { status: 'reading', note: 'mine' }, seen, true],
      [backup.version, { status: 'read' }, seen, undefined],
    ],
  );
  assert.equal(Number.parseInt(ops[0].hlc.slice(0, 12), 16), NOW);
  assert.ok(ops[1].hlc > ops[0].hlc);
  assert.deepEqual([server.live('entry')[0].data.status, server.live('entry')[0].data.note], ['read', 'mine']);
});

test('tags are given back before what bears them, so that those of one name are one by then', async () => {
  const { db } = await makeDevice();
  const server = new FakeServer();
  const key = await save(db);
  await syncOnce(db, server);
  const backup = server.backup();
  await putTag(db, key, 'thesis');
  await syncOnce(db, server);
  const [tag] = server.live('tag');
  await add(db, [{ type: 'tag', key: tag.key, op: 'put', set: { name: 'My thesis' } }], NOW);
  await syncOnce(db, server); // the tag is the newer of the two now
  server.restore(backup);
  await syncOnce(db, server);
  const { ops } = server.requests.filter((one) => one.name === 'push').at(-1).what;
  assert.deepEqual(
    ops.map((op) => op.key),
    [tag.key, key],
  );
});

test('a server that was restored by hand is found out before anything is pushed onto its history', async () => {
  const { db } = await makeDevice();
  const server = new FakeServer();
  await save(db);
  await syncOnce(db, server);
  const backup = server.backup();
  const lost = await save(db, 'https://arxiv.org/abs/2401.00002');
  await syncOnce(db, server);
  server.restore(backup, { byHand: true });
  await add(db, [{ type: 'entry', key: lost, op: 'put', set: { status: 'read' } }], NOW);
  await syncOnce(db, server);
  const { data } = server.live('entry').find((one) => one.key === lost);
  assert.deepEqual([data.status, data.saved_from.url], ['read', 'https://arxiv.org/abs/2401.00002']);
  assert.deepEqual([await everything(db), await binned(db, NOW)], [[], []]);
});

test('what was pushed onto a restored history after all is not undone by what is given back', async () => {
  const { db } = await makeDevice();
  const server = new FakeServer();
  const key = await save(db);
  await syncOnce(db, server);
  const backup = server.backup();
  await add(db, [{ type: 'entry', key, op: 'put', set: { status: 'reading', note: 'mine' } }], NOW);
  await syncOnce(db, server);
  await add(db, [{ type: 'entry', key, op: 'put', set: { status: 'read' } }], NOW);
  const restoreBeforePush = (name, when) => void (name === 'push' && when === 'before' && restoreOnce());
  let restored = false;
  const restoreOnce = () => {
    if (!restored) server.restore(backup, { byHand: true });
    restored = true;
  };
  server.fault = restoreBeforePush;
  await syncOnce(db, server);
  const [{ data }] = server.live('entry');
  assert.deepEqual([data.status, data.note], ['read', 'mine']);
});

test('a tag taken off and a note cleared after the backup do not come back with it', async () => {
  const { db } = await makeDevice();
  const server = new FakeServer();
  const key = await save(db);
  await putTag(db, key, 'thesis');
  await add(db, [{ type: 'entry', key, op: 'put', set: { note: 'old' } }], NOW);
  await syncOnce(db, server);
  const backup = server.backup();
  const [tag] = server.live('tag');
  await add(db, [{ type: 'entry', key, op: 'put', set: { note: null }, del: { tags: [tag.key] } }], NOW);
  await syncOnce(db, server);
  server.restore(backup);
  await syncOnce(db, server);
  const [{ data }] = server.live('entry');
  assert.deepEqual([data.note, data.tags], [null, []]);
});

test('a deletion that the server forgot is made again, also of what it does not know yet', async () => {
  const { db } = await makeDevice();
  const server = new FakeServer();
  const key = await save(db);
  await syncOnce(db, server);
  const backup = server.backup();
  const later = await save(db, 'https://arxiv.org/abs/2401.00002');
  await syncOnce(db, server);
  for (const one of [key, later]) await add(db, [{ type: 'entry', key: one, op: 'delete' }], NOW);
  await syncOnce(db, server);
  server.restore(backup);
  await syncOnce(db, server);
  assert.equal(server.live('entry').length, 0);
  assert.equal(server.objects.get(later).deleted, true);
});

test('two devices heal a server together, whichever comes first', async () => {
  const server = new FakeServer();
  const { db: desktop } = await makeDevice();
  const { db: phone } = await makeDevice({ device: PHONE });
  for (const db of [desktop, phone]) await syncOnce(db, server);
  const backup = server.backup();
  await save(desktop);
  await save(phone, 'https://arxiv.org/abs/2401.00002');
  for (const db of [desktop, phone, desktop]) await syncOnce(db, server);
  server.restore(backup);
  for (const db of [phone, desktop, phone]) await syncOnce(db, server);
  assert.equal(server.live('entry').length, 2);
  for (const db of [desktop, phone]) {
    assert.ok(await findEntry(db, ['arxiv:2401.00002']));
    assert.ok(await findEntry(db, ['arxiv:2401.01234']));
    assert.deepEqual([await everything(db), await binned(db, NOW)], [[], []]);
  }
});

test('pages that this device alone knows, and keys that were merged, outlive a fresh start', async () => {
  const { db } = await makeDevice();
  const server = new FakeServer();
  const key = await save(db);
  await syncOnce(db, server);
  await rememberPage(db, ['url:https://blog.example/about'], key);
  const twin = await save(db);
  await syncOnce(db, server);
  server.restore(server.backup());
  await syncOnce(db, server);
  assert.equal((await findEntry(db, ['url:https://blog.example/about'])).entry.key, key);
  assert.equal((await entryOf(db, twin)).entry.key, key);
});

test('what the restored server writes under low versions is not taken for old', async () => {
  const { db } = await makeDevice();
  const server = new FakeServer();
  const backup = server.backup();
  const key = await save(db);
  await syncOnce(db, server);
  for (const rating of [1, 2, 3, 4, 5]) {
    await add(db, [{ type: 'entry', key, op: 'put', set: { rating } }], NOW);
  }
  await add(db, [{ type: 'entry', key, op: 'delete' }], NOW);
  await syncOnce(db, server);
  server.restore(backup);
  await syncOnce(db, server);
  const { db: phone } = await makeDevice({ device: PHONE });
  await syncOnce(phone, server);
  await add(phone, [{ type: 'entry', key, op: 'restore' }], NOW);
  await add(phone, [{ type: 'entry', key, op: 'put', set: { saved_from: { url: ARXIV } } }], NOW);
  await syncOnce(phone, server);
  await syncOnce(db, server);
  assert.equal((await findEntry(db, ['arxiv:2401.01234'])).entry.key, key);
});
