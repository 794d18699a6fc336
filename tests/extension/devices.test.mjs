/** Several devices of one library: they meet in one entry, one tag, and never under one name. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { DeviceForked } from '../../extension/src/errors.js';
import { newId } from '../../extension/src/ids.js';
import { adopt, state } from '../../extension/src/mirror.js';
import { add } from '../../extension/src/outbox.js';
import { sync } from '../../extension/src/sync.js';
import { dropTag, putTag } from '../../extension/src/tags.js';
import { allTags, entryOf, findEntry } from '../../extension/src/views.js';
import { ARXIV, FakeServer, makeDevice, NOW, save, saveWish, syncOnce } from './make.mjs';

const NAME = ['arxiv:2401.01234'];

test('a save of a paper that the library has becomes that entry, and highlights follow it', async () => {
  const server = new FakeServer();
  const { db: desktop } = await makeDevice();
  const old = await save(desktop);
  await syncOnce(desktop, server);
  const { db: laptop } = await makeDevice({ device: '0199a000-0000-7000-8000-00000000000e' });
  const wish = saveWish();
  const { key } = wish;
  wish.hint.names.push('url:https://mirror.example/copy');
  await add(laptop, [wish], NOW);
  const set = {
    entry_id: key,
    manifestation: ARXIV,
    selectors: [{ type: 'TextQuoteSelector', exact: 'x' }],
    created_at: '2026-11-18T00:00:00.000Z',
  };
  await add(laptop, [{ type: 'highlight', key: newId(), op: 'put', set }], NOW);
  await syncOnce(laptop, server);
  const found = await findEntry(laptop, NAME);
  assert.equal(found.entry.key, old);
  assert.equal(found.highlights.length, 1);
  assert.equal((await entryOf(laptop, key)).entry.key, old);
  assert.equal((await findEntry(laptop, ['url:https://mirror.example/copy'])).entry.key, old);
});

test('an undo that was clicked before the answer does not delete the older entry', async () => {
  const server = new FakeServer();
  const { db: desktop } = await makeDevice();
  await save(desktop);
  await syncOnce(desktop, server);
  const { db: laptop } = await makeDevice({ device: '0199a000-0000-7000-8000-00000000000e' });
  const key = await save(laptop);
  server.fault = (name, at) => (name === 'push' && at === 'after' ? 'lose' : null);
  await syncOnce(laptop, server);
  await add(laptop, [{ type: 'entry', key, op: 'delete' }], NOW);
  server.fault = () => null;
  await syncOnce(laptop, server);
  assert.equal(server.live('entry').length, 1);
});

test('tags put on and taken off meet those of another device', async () => {
  const server = new FakeServer();
  const { db: desktop } = await makeDevice();
  const key = await save(desktop);
  await putTag(desktop, key, 'thesis');
  await syncOnce(desktop, server);
  const { db: laptop } = await makeDevice({ device: '0199a000-0000-7000-8000-00000000000e' });
  await syncOnce(laptop, server);
  await putTag(laptop, key, ' Thesis ');
  assert.equal((await allTags(laptop)).length, 1);
  await putTag(laptop, key, 'to cite');
  await dropTag(laptop, key, [(await allTags(laptop)).find((tag) => tag.name === 'thesis').key]);
  await syncOnce(laptop, server);
  await syncOnce(desktop, server);
  assert.deepEqual(
    (await findEntry(desktop, NAME)).tags.map((tag) => tag.name),
    ['to cite'],
  );
});

test('another library shows nothing of the one before', async () => {
  const { db } = await makeDevice();
  const server = new FakeServer();
  await save(db);
  await syncOnce(db, server);
  await adopt(db, { library_id: newId(), device_id: newId() });
  assert.equal(await findEntry(db, NAME), null);
  assert.equal((await state(db)).cursor, null);
});

test('a copied profile goes on as the device that the server names', async () => {
  const { db } = await makeDevice();
  const server = new FakeServer();
  await save(db);
  const remote = server.remote();
  const fresh = '0199a000-0000-7000-8000-0000000000ff';
  const push = (wish) => (wish.device_id === fresh ? remote.push(wish) : Promise.reject(new DeviceForked(fresh)));
  await sync({ db, remote: { ...remote, push }, now: () => NOW, random: () => 0.5 }, true);
  assert.equal(server.live('entry').length, 1);
  assert.equal((await state(db)).identity.device_id, fresh);
  assert.ok(server.requests[0].what.ops[0].hlc.endsWith(fresh));
});
