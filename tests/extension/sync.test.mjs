/** Sync against a server that loses answers, refuses, forgets, and a worker that dies anywhere. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { NetworkFailed, NotSignedIn, ServerBusy } from '../../extension/src/errors.js';
import { state } from '../../extension/src/mirror.js';
import { add, everything, queue } from '../../extension/src/outbox.js';
import { pause, sync } from '../../extension/src/sync.js';
import { allTags, entryOf, findEntry } from '../../extension/src/views.js';
import { putTag } from '../../extension/src/tags.js';
import { FakeServer, makeDevice, NOW, save, saveWish, syncOnce } from './make.mjs';

const NAME = ['arxiv:2401.01234'];

test('a save reaches the server and comes back with what the server knows of the paper', async () => {
  const { db } = await makeDevice();
  const server = new FakeServer();
  const key = await save(db);
  await syncOnce(db, server);
  const found = await findEntry(db, NAME);
  assert.equal(found.entry.key, key);
  assert.equal(found.title, 'Title of 2401.01234');
  assert.deepEqual(found.authors, ['Emmy Noether']);
  assert.deepEqual(await everything(db), []);
});

for (const when of ['before', 'after']) {
  test(`a connection cut ${when} the server's work leads to the same library`, async () => {
    const { db } = await makeDevice();
    const server = new FakeServer();
    await save(db);
    await putTag(db, (await findEntry(db, NAME)).entry.key, 'thesis');
    server.fault = (name, at, count) => (name === 'push' && at === when && count === 1 ? 'lose' : null);
    await syncOnce(db, server);
    assert.equal((await queue(db)).waiting, 3);
    await syncOnce(db, server);
    const [first, second] = server.requests.filter((one) => one.name === 'push');
    assert.deepEqual(second.what, first.what);
    assert.equal(server.live('entry').length, 1);
    assert.equal(server.live('tag').length, 1);
    assert.equal((await queue(db)).waiting, 0);
  });
}

test('a worker that dies between any two steps loses nothing and doubles nothing', async () => {
  let deaths = 0;
  for (let step = 1; ; step += 1) {
    const { db, again } = await makeDevice();
    const server = new FakeServer();
    server.pageSize = 2;
    await save(db);
    await save(db, 'https://arxiv.org/abs/2401.00002');
    await putTag(db, (await findEntry(db, NAME)).entry.key, 'thesis');
    const died = await syncUntilDeath(db, server, step);
    const reopened = await again();
    await syncOnce(reopened, server);
    assert.equal(server.live('entry').length, 2, `step ${step}`);
    assert.deepEqual(
      (await allTags(reopened)).map((tag) => tag.name),
      ['thesis'],
      `step ${step}`,
    );
    assert.deepEqual(
      (await findEntry(reopened, NAME)).tags.map((tag) => tag.name),
      ['thesis'],
      `step ${step}`,
    );
    assert.deepEqual(await everything(reopened), [], `step ${step}`);
    if (!died) break;
    deaths += 1;
  }
  assert.ok(deaths > 10, `only ${deaths} places to die were tried`);
});

/** Run sync, but end the worker at its n-th step: at a transaction, before a request, or after one. */
async function syncUntilDeath(db, server, step) {
  let left = step;
  const live = () => (left -= 1) > 0;
  const begin = db.transaction.bind(db);
  db.transaction = (...all) => {
    if (!live()) throw new Error('the worker died');
    return begin(...all);
  };
  server.fault = () => (live() ? null : 'lose');
  await sync({ db, remote: server.remote(), now: () => NOW, random: () => 0.5 }, true).catch(() => undefined);
  server.fault = () => null;
  db.close();
  return left <= 0;
}

test('a refused op stands aside with its reason and lets the others through', async () => {
  const { db } = await makeDevice();
  const server = new FakeServer();
  await save(db);
  const bad = await save(db, 'https://arxiv.org/abs/2401.00002');
  await save(db, 'https://arxiv.org/abs/2401.00003');
  server.verdict = (op) => (op.key === bad ? { status: 'rejected', code: 'invalid_value' } : null);
  await syncOnce(db, server);
  assert.equal(server.live('entry').length, 2);
  const { waiting, trouble } = await queue(db);
  assert.equal(waiting, 0);
  assert.deepEqual(
    trouble.map((op) => [op.key, op.code]),
    [[bad, 'invalid_value']],
  );
  assert.equal(await entryOf(db, bad), null);
});

test('a refusal whose answer was lost is still a refusal', async () => {
  const { db } = await makeDevice();
  const server = new FakeServer();
  await save(db);
  server.verdict = () => ({ status: 'rejected', code: 'invalid_value' });
  server.fault = (name, at, count) => (at === 'after' && count === 1 ? 'lose' : null);
  await syncOnce(db, server);
  await syncOnce(db, server);
  assert.equal((await queue(db)).trouble.length, 1);
});

test('an op that must be patient comes again under a new sequence, before later edits of the same object', async () => {
  const { db } = await makeDevice();
  const server = new FakeServer();
  const key = await save(db);
  const first = (await everything(db))[0].id;
  server.verdict = (op) => (op.id === first && server.requests.length === 1 ? { status: 'retry', after: 5 } : null);
  await syncOnce(db, server);
  await add(db, [{ type: 'entry', key, op: 'put', set: { status: 'read' } }], NOW);
  await syncOnce(db, server);
  assert.equal(server.live('entry').length, 0);
  await sync({ db, remote: server.remote(), now: () => NOW + 6000, random: () => 0.5 }, true);
  const pushes = server.requests.filter((one) => one.name === 'push').map((one) => one.what);
  assert.deepEqual(
    pushes.map((wish) => wish.first_seq),
    [1, 2],
  );
  assert.deepEqual(pushes[1].ops.map((op) => op.id)[0], first);
  assert.equal(server.live('entry')[0].data.status, 'read');
});

test('a long feed is pulled to its end, and goes on where it was cut', async () => {
  const server = new FakeServer();
  const { db: desktop } = await makeDevice();
  await add(
    desktop,
    Array.from({ length: 25 }, (_, i) => saveWish(`https://arxiv.org/abs/2401.${10000 + i}`)),
    NOW,
  );
  await syncOnce(desktop, server);
  const { db } = await makeDevice({ device: '0199a000-0000-7000-8000-00000000000e' });
  server.pageSize = 7;
  server.requests = [];
  server.fault = (name, at, count) => (count === 4 ? 'lose' : null);
  await syncOnce(db, server);
  server.fault = () => null;
  await syncOnce(db, server);
  assert.deepEqual(
    server.requests.map((one) => one.what),
    [null, '7', '14', '21', '21', '28', '35', '42', '49'].map((at) => at && `e1/${at}`),
  );
  assert.ok(await findEntry(db, ['arxiv:2401.10024']));
});

test('what was answered for stays in sight until the mirror holds it', async () => {
  const { db } = await makeDevice();
  const server = new FakeServer();
  server.pageSize = 1;
  await save(db);
  server.fault = (name, at, count) => (count === 3 ? 'lose' : null);
  await syncOnce(db, server);
  assert.equal((await everything(db)).length, 1);
  assert.ok(await findEntry(db, NAME));
  server.fault = () => null;
  await syncOnce(db, server);
  assert.equal((await everything(db)).length, 0);
});

test('when nobody is signed in the queue waits, and the reason is kept for the user', async () => {
  const { db } = await makeDevice();
  await save(db);
  const remote = { push: () => Promise.reject(new NotSignedIn()), pull: () => assert.fail('nothing to pull') };
  await sync({ db, remote, now: () => NOW, random: () => 0.5 }, true);
  assert.equal((await queue(db)).waiting, 1);
  assert.equal((await state(db)).trouble, 'This device is not connected to a library.');
});

test('failures wait longer and longer, at least as long as the server says, and a click does not wait', async () => {
  const waits = [0, 1, 2, 3, 4, 9].map((failures) => pause(new NetworkFailed('x'), failures, 0.5));
  assert.deepEqual(waits, [1, 2, 5, 15, 60, 60]);
  assert.ok(pause(new NetworkFailed('x'), 0, 0) < 1 && pause(new NetworkFailed('x'), 0, 1) > 1);
  assert.equal(pause(new ServerBusy(600), 0, 0.5), 10);
  const { db } = await makeDevice();
  const server = new FakeServer();
  server.fault = () => 'lose';
  const run = (now, force) => sync({ db, remote: server.remote(), now: () => now, random: () => 0.5 }, force);
  assert.equal(await run(NOW, false), 1);
  assert.equal(await run(NOW + 30_000, false), 1);
  assert.equal(server.requests.length, 1);
  server.fault = () => null;
  await run(NOW + 30_000, true);
  assert.equal((await state(db)).failures, 0);
});
