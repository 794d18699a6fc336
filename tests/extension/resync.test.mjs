/** A fresh start: a server that was restored from a backup gets back what its devices hold. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { binned, emptyBin, putBack } from '../../extension/src/bin.js';
import { ResyncNeeded } from '../../extension/src/errors.js';
import { newId } from '../../extension/src/ids.js';
import { adopt, rememberPage } from '../../extension/src/mirror.js';
import { add, everything } from '../../extension/src/outbox.js';
import { sync } from '../../extension/src/sync.js';
import { putTag } from '../../extension/src/tags.js';
import { entryOf, findEntry } from '../../extension/src/views.js';
import { ARXIV, DEVICE, FakeServer, LIBRARY, makeDevice, NOW, save, syncOnce } from './make.mjs';

const PHONE = '0199a000-0000-7000-8000-00000000000e';
const DAY = 24 * 60 * 60_000;

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
  assert.deepEqual(
    ops.map(({ base, set }) => [base, set.status]),
    [
      [backup.version, 'reading'],
      [backup.version, 'read'],
    ],
  );
  assert.equal(Number.parseInt(ops[0].hlc.slice(0, 12), 16), NOW);
  assert.ok(ops[1].hlc > ops[0].hlc);
  assert.deepEqual([server.live('entry')[0].data.status, server.live('entry')[0].data.note], ['read', 'mine']);
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

/** A device whose entry the server has forgotten behind the floor; what it does next is the test's. */
async function forgotten() {
  const { db } = await makeDevice();
  const server = new FakeServer();
  const key = await save(db);
  await syncOnce(db, server);
  server.objects.clear();
  const meetFloor = async () => {
    const remote = server.remote();
    let asks = 0;
    const pull = (cursor) => ((asks += 1) === 1 ? Promise.reject(new ResyncNeeded('floor')) : remote.pull(cursor));
    await sync({ db, remote: { ...remote, pull }, now: () => NOW, random: () => 0.5 }, true);
  };
  return { db, server, key, meetFloor };
}

test('what the server shows no more goes to the bin and is pushed by nobody', async () => {
  const { db, key, meetFloor } = await forgotten();
  await meetFloor();
  assert.equal(await findEntry(db, ['arxiv:2401.01234']), null);
  const [row] = await binned(db, NOW);
  assert.deepEqual([row.key, row.kept_at, row.hint.title], [key, NOW, 'Title of 2401.01234']);
  assert.deepEqual(await everything(db), []);
});

test('what is put back from the bin is in the library again', async () => {
  const { db, server, key, meetFloor } = await forgotten();
  await meetFloor();
  await putBack(db, key, NOW);
  assert.equal((await entryOf(db, key)).title, 'Title of 2401.01234');
  await syncOnce(db, server);
  assert.equal(server.live('entry')[0].data.saved_from.url, ARXIV);
  assert.deepEqual([await binned(db, NOW), await putBack(db, key, NOW)], [[], []]);
});

test('the bin holds things for 30 days, and those of each library apart', async () => {
  const { db, key, meetFloor } = await forgotten();
  await meetFloor();
  await adopt(db, { library_id: newId(), device_id: newId() });
  assert.deepEqual(await binned(db, NOW), []);
  await adopt(db, { library_id: LIBRARY, device_id: DEVICE });
  await emptyBin(db, NOW + 29 * DAY);
  assert.deepEqual((await binned(db, NOW)).map((row) => row.key), [key]);
  await emptyBin(db, NOW + 30 * DAY);
  assert.deepEqual(await binned(db, NOW), []);
});

test('an edit of what the server has forgotten is answered, revives nothing, and is in the bin with it', async () => {
  const { db, server, key, meetFloor } = await forgotten();
  const remote = server.remote();
  server.fault = (name) => (name === 'push' ? 'lose' : null);
  await add(db, [{ type: 'entry', key, op: 'put', set: { status: 'read' } }], NOW);
  await sync({ db, remote, now: () => NOW, random: () => 0.5 }, true);
  server.fault = () => null;
  await meetFloor();
  assert.deepEqual(server.live('entry'), []);
  assert.equal((await binned(db, NOW))[0].data.status, 'read');
  assert.deepEqual(await everything(db), []);
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
