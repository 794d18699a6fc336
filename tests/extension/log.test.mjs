/** The sync log: every change in words, every refusal with a way out, and a history that stays readable. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { contactsOf } from '../../extension/src/contacts.js';
import { openDatabase } from '../../extension/src/db.js';
import { heldOps, reviewHeld, settleAll, settleHeld } from '../../extension/src/held.js';
import { contactText, inWords, labelsForAll, reason } from '../../extension/src/log/words.js';
import { add, everything, queue, tryAgain } from '../../extension/src/outbox.js';
import { newId } from '../../extension/src/ids.js';
import { sync } from '../../extension/src/sync.js';
import { putTag } from '../../extension/src/tags.js';
import { entryOf } from '../../extension/src/views.js';
import { ARXIV, FakeServer, IDBFactory, makeDevice, NOW, save, syncOnce } from './make.mjs';

const at = (now) => ({ now: () => now, random: () => 0.5 });

test('each change that waits is told in words, before any server has heard of it', async () => {
  const { db } = await makeDevice();
  const key = await save(db, undefined, { title: 'Attention Is All You Need' });
  await putTag(db, key, 'thesis');
  const [tag] = (await everything(db)).filter((op) => op.type === 'tag');
  const highlight = newId();
  const selectors = [{ type: 'TextQuoteSelector', exact: `solely on ${'attention '.repeat(20)}` }];
  const set = { entry_id: key, manifestation: ARXIV, selectors, created_at: '2026-11-18T00:00:00.000Z' };
  await add(
    db,
    [
      { type: 'entry', key, op: 'put', set: { status: 'read', citekey: 'a', rating: 5 }, del: { tags: [tag.key] } },
      { type: 'highlight', key: highlight, op: 'put', set },
      { type: 'tag', key: tag.key, op: 'put', set: { name: 'book' } },
      { type: 'highlight', key: highlight, op: 'delete' },
      { type: 'entry', key, op: 'restore' },
      { type: 'entry', key: newId(), op: 'delete' },
    ],
    NOW,
  );
  const title = '“Attention Is All You Need”';
  const quote = `“${`solely on ${'attention '.repeat(20)}`.slice(0, 79).trimEnd()}…”`;
  assert.deepEqual(await inWords(db, await everything(db)), [
    'Save “Attention Is All You Need”',
    'New tag “book”',
    'Tag “book” on “Attention Is All You Need”',
    `Mark ${title} as read; Change the citation key, rating of ${title}; Take ${title} off tag “book”`,
    `Highlight ${quote} in “Attention Is All You Need”`,
    'Name a tag “book”',
    `Delete ${quote}`,
    'Restore “Attention Is All You Need”',
    'Delete a paper',
  ]);
});

test('what the server knows by another title is called by that', async () => {
  const { db } = await makeDevice();
  const server = new FakeServer();
  const key = await save(db);
  await syncOnce(db, server);
  assert.deepEqual(await inWords(db, [{ type: 'entry', key, op: 'delete' }]), ['Delete “Title of 2401.01234”']);
});

test('every code has a sentence, and an unknown one is passed on', () => {
  assert.match(reason('immutable'), /never changes/);
  assert.equal(reason('new_code'), 'The server said: new_code');
});

test('a refused change that is tried again goes as a new op, with its page', async () => {
  const { db } = await makeDevice();
  const server = new FakeServer();
  const key = await save(db, undefined, { page: { text: 'words' } });
  server.verdict = () => ({ status: 'rejected', code: 'too_large' });
  await syncOnce(db, server);
  server.verdict = () => null;
  const [refused] = (await queue(db)).trouble;
  await tryAgain(db, refused.order, NOW);
  const [again] = await everything(db);
  assert.notEqual(again.id, refused.id);
  assert.deepEqual([again.page, again.hint], [{ text: 'words' }, refused.hint]);
  await syncOnce(db, server);
  assert.ok(await entryOf(db, key));
  assert.equal(server.live('entry').length, 1);
});

/** A device whose deletion the server holds. */
async function heldDeletion() {
  const { db } = await makeDevice();
  const server = new FakeServer();
  const key = await save(db);
  await syncOnce(db, server);
  server.verdict = (op) => (op.op === 'delete' ? { status: 'held' } : null);
  await add(db, [{ type: 'entry', key, op: 'delete' }], NOW);
  await syncOnce(db, server);
  server.verdict = () => null;
  return { db, server, key };
}

test('a held deletion shows nothing as deleted until it is confirmed', async () => {
  const { db, server, key } = await heldDeletion();
  assert.ok(await entryOf(db, key));
  const [op] = await heldOps(server.remote());
  assert.equal((await queue(db)).trouble[0].id, op.id);
  await settleHeld(db, server.remote(), op.id, 'confirm');
  await syncOnce(db, server);
  assert.equal(await entryOf(db, key), null);
  assert.deepEqual([await everything(db), server.live('entry')], [[], []]);
});

for (const [action, left] of [
  ['confirm', 0],
  ['discard', 1],
]) {
  test(`a held deletion that another device settles by ${action} leaves the outbox too`, async () => {
    const { db, server, key } = await heldDeletion();
    assert.equal(await reviewHeld(db, server.remote()), false);
    server.settle(server.held[0].id, action);
    await syncOnce(db, server);
    assert.deepEqual(await everything(db), []);
    assert.equal(Boolean(await entryOf(db, key)), Boolean(left));
  });
}

/** Five tags, whose deletions this device sent and the server holds. */
async function heldDeletions() {
  const { db } = await makeDevice();
  const server = new FakeServer();
  const keys = Array.from({ length: 5 }, newId);
  await add(db, keys.map((key, i) => ({ type: 'tag', key, op: 'put', set: { name: `t${i}` } })), NOW);
  await syncOnce(db, server);
  server.verdict = (op) => (op.op === 'delete' ? { status: 'held' } : null);
  await add(db, keys.map((key) => ({ type: 'tag', key, op: 'delete' })), NOW);
  await syncOnce(db, server);
  server.verdict = () => null;
  return { db, server };
}

for (const [action, left] of [
  ['confirm', 0],
  ['discard', 5],
]) {
  test(`all that is held is settled by one word, ${action}, in as many requests as it takes`, async () => {
    const { db, server } = await heldDeletions();
    const seen = await heldOps(server.remote());
    assert.equal(seen.length, 5);
    assert.equal(await settleAll(db, server.remote(), seen, action), true);
    assert.deepEqual((await queue(db)).trouble, []);
    await syncOnce(db, server);
    assert.deepEqual([server.held, await everything(db)], [[], []]);
    assert.equal(server.live('tag').length, left);
    assert.equal(server.requests.filter((one) => one.name === 'settleAll').length, 3);
    assert.equal(server.requests.some((one) => one.name === 'settle'), false);
  });
}

test('a deletion that came after the list was shown is not confirmed with it', async () => {
  const { db, server } = await heldDeletions();
  const seen = (await heldOps(server.remote())).slice(1);
  assert.equal(await settleAll(db, server.remote(), seen, 'confirm'), false);
  assert.deepEqual([server.held.length, server.live('tag').length], [5, 5]);
  assert.equal(await settleAll(db, server.remote(), seen, 'discard'), true);
  assert.equal(server.live('tag').length, 5);
});

test('an answer to the word for all that was lost leaves nothing in the outbox for good', async () => {
  const { db, server } = await heldDeletions();
  const seen = await heldOps(server.remote());
  server.fault = (name, when) => (name === 'settleAll' && when === 'after' ? 'lose' : null);
  await assert.rejects(settleAll(db, server.remote(), seen, 'confirm'));
  server.fault = () => null;
  await settleAll(db, server.remote(), await heldOps(server.remote()), 'confirm');
  await syncOnce(db, server);
  assert.deepEqual([await everything(db), server.live('tag')], [[], []]);
});

test('the buttons for all say how many they mean', () => {
  assert.deepEqual(labelsForAll(60), ['Delete all 60', 'Keep all 60']);
  assert.deepEqual(labelsForAll(1), ['Delete it', 'Keep it']);
});

test('the history has a line for each round that did something, and one for all quiet ones between', async () => {
  const { db } = await makeDevice();
  const server = new FakeServer();
  for (let minute = 0; minute < 5; minute += 1) await sync({ db, remote: server.remote(), ...at(NOW + minute) }, true);
  await save(db);
  await sync({ db, remote: server.remote(), ...at(NOW + 10) }, true);
  server.fault = () => 'lose';
  for (let i = 0; i < 2; i += 1) await sync({ db, remote: server.remote(), ...at(NOW + 20 + i) }, true);
  const told = (await contactsOf(db)).map((one) => [one.since - NOW, one.at - NOW, contactText(one)]);
  assert.deepEqual(told, [
    [20, 21, 'The server cannot be reached. (2 times)'],
    [10, 10, '1 sent, 2 received'],
    [0, 4, 'Nothing new. (5 times)'],
  ]);
});

test('the history ends at a hundred lines', async () => {
  const { db } = await makeDevice();
  const server = new FakeServer();
  for (let i = 0; i < 103; i += 1) {
    const pull = () => Promise.reject(new Error(`fault ${i}`));
    await sync({ db, remote: { ...server.remote(), pull }, ...at(NOW + i) }, true);
  }
  const contacts = await contactsOf(db);
  assert.deepEqual([contacts.length, contacts.at(-1).since - NOW], [100, 3]);
});

test('a database of the version before is carried over with all that waits in it', async () => {
  const factory = new IDBFactory();
  await new Promise((resolve, reject) => {
    const opening = factory.open('scholium', 1);
    opening.onupgradeneeded = () => {
      const { result } = opening;
      result.createObjectStore('outbox', { keyPath: 'order', autoIncrement: true }).createIndex('key', 'key');
      for (const name of ['rows', 'keepsakes']) result.createObjectStore(name, { keyPath: 'key' });
      result.createObjectStore('meta', { keyPath: 'name' });
      result.createObjectStore('pages');
      opening.transaction.objectStore('outbox').add({ id: 'one', key: 'k', state: 'waiting' });
    };
    opening.onerror = reject;
    opening.onsuccess = () => resolve(opening.result.close());
  });
  const db = await openDatabase('scholium', factory);
  assert.deepEqual((await everything(db)).map((op) => op.id), ['one']);
  assert.deepEqual(await contactsOf(db), []);
});
