/** The recovery bin: what the server shows no more is kept, shown, and put back by a click. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { binned, bury, emptyBin, putBack } from '../../extension/src/bin.js';
import { asked, transact } from '../../extension/src/db.js';
import { ResyncNeeded } from '../../extension/src/errors.js';
import { newId } from '../../extension/src/ids.js';
import { letGo, putAside } from '../../extension/src/keepsakes.js';
import { adopt } from '../../extension/src/mirror.js';
import { add, everything } from '../../extension/src/outbox.js';
import { sync } from '../../extension/src/sync.js';
import { entryOf, findEntry } from '../../extension/src/views.js';
import { ARXIV, DEVICE, FakeServer, LIBRARY, makeDevice, NOW, save, syncOnce } from './make.mjs';

const DAY = 24 * 60 * 60_000;

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

test('a highlight is put back together with its entry, where that lies in the trash', async () => {
  const { db } = await makeDevice();
  const server = new FakeServer();
  const entry = await save(db);
  const mark = newId(NOW);
  const set = { entry_id: entry, manifestation: ARXIV, selectors: [{ type: 'TextQuoteSelector', exact: 'x' }] };
  await add(db, [{ type: 'highlight', key: mark, op: 'put', set: { ...set, created_at: '2026-11-18T00:00:00Z' } }], NOW);
  await syncOnce(db, server);
  await add(db, [{ type: 'entry', key: entry, op: 'delete' }], NOW);
  await syncOnce(db, server);
  await transact(db, 'readwrite', ['rows', 'keepsakes', 'meta'], async (tx) =>
    bury(tx, await asked(tx.objectStore('rows').get(mark)), NOW),
  );
  await putBack(db, mark, NOW);
  await syncOnce(db, server);
  assert.deepEqual([server.live('entry').length, server.live('highlight').length], [1, 1]);
  assert.equal((await findEntry(db, ['arxiv:2401.01234'])).highlights[0].key, mark);
});

test('a text in the bin stays when the bin gets its object a second time', async () => {
  const { db, key, meetFloor } = await forgotten();
  await meetFloor();
  const [first] = await binned(db, NOW);
  const again = (note) => ({ ...first, data: { ...first.data, note } });
  const put = (row) => transact(db, 'readwrite', ['keepsakes', 'rows', 'meta'], (tx) => bury(tx, row, NOW));
  for (const note of ['written first', null, 'written later', 'written later']) await put(again(note));
  assert.deepEqual((await binned(db, NOW)).map((row) => [row.key, row.data.note]), [[key, 'written later\n\nwritten first']]);
});

test('what the bin holds is there again when a row of the same key has been put aside and given back', async () => {
  const { db, meetFloor } = await forgotten();
  await meetFloor();
  const [row] = await binned(db, NOW);
  await transact(db, 'readwrite', ['keepsakes'], async (tx) => {
    const { kept_at, ...aside } = row;
    await putAside(tx, { ...aside, data: { ...row.data, note: 'alive again' } });
  });
  assert.deepEqual(await binned(db, NOW), []);
  await transact(db, 'readwrite', ['keepsakes'], async (tx) => letGo(tx, await asked(tx.objectStore('keepsakes').get(row.key))));
  assert.deepEqual(await binned(db, NOW), [row]);
});
