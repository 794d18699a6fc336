/** Tags renamed, merged and recoloured on a device that asks nobody: one op each, seen at once, true on the server later. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { everything } from '../../extension/src/outbox.js';
import { asOne, cleaned, folded } from '../../extension/src/tag_names.js';
import { dropTag, mergeTags, putTag, recolorTag, renameTag } from '../../extension/src/tags.js';
import { allTags, entryOf } from '../../extension/src/views.js';
import { FakeServer, makeDevice, save, syncOnce } from './make.mjs';

const OTHER = 'https://arxiv.org/abs/2401.00002';

/** A device that synced two papers with one tag each, and what they are. */
async function tagged(first, second) {
  const server = new FakeServer();
  const { db } = await makeDevice();
  const papers = [await save(db), await save(db, OTHER)];
  await putTag(db, papers[0], first);
  await putTag(db, papers[1], second);
  await syncOnce(db, server);
  const named = async (name) => (await allTags(db)).find((tag) => tag.name === name);
  return { db, server, papers, named };
}

const waiting = async (db) => (await everything(db)).filter((op) => op.state === 'waiting');
const shown = async (db) => (await allTags(db)).map(({ name, color, count }) => [name, color, count]).sort();

test('a new name, another colour and a merge are one op each, and shown at once', async () => {
  const { db, named } = await tagged('vision', 'sight');
  assert.equal(await renameTag(db, await named('vision'), '  computer   vision '), true);
  assert.deepEqual((await waiting(db)).map((op) => op.set), [{ name: 'computer vision' }]);
  await recolorTag(db, await named('computer vision'), 'green');
  assert.equal((await waiting(db)).length, 2);
  await mergeTags(db, await named('sight'), await named('computer vision'));
  assert.equal((await waiting(db)).length, 3);
  assert.deepEqual(await shown(db), [['computer vision', 'green', 2]]);
});

test('a merge takes the name and colour of the other, whichever of the two is older', async () => {
  for (const [from, into] of [
    ['vision', 'sight'],
    ['sight', 'vision'],
  ]) {
    const { db, server, named } = await tagged('vision', 'sight');
    await recolorTag(db, await named('vision'), 'red');
    await recolorTag(db, await named('sight'), 'blue');
    const { color } = await named(into);
    await mergeTags(db, await named(from), await named(into));
    assert.deepEqual(await shown(db), [[into, color, 2]]);
    await syncOnce(db, server);
    assert.deepEqual(await shown(db), [[into, color, 2]]);
  }
});

test('what was merged offline is one tag on its papers, and is renamed and taken off as one', async () => {
  const { db, papers, named } = await tagged('vision', 'sight');
  await putTag(db, papers[0], 'sight');
  await mergeTags(db, await named('sight'), await named('vision'));
  assert.deepEqual((await entryOf(db, papers[0])).tags.map((tag) => tag.name), ['vision']);
  await renameTag(db, await named('vision'), 'seeing');
  assert.deepEqual((await shown(db)).map(([name]) => name), ['seeing']);
  const [tag] = (await entryOf(db, papers[0])).tags;
  await dropTag(db, papers[0], [tag.key, ...tag.also]);
  assert.deepEqual((await entryOf(db, papers[0])).tags, []);
});

test('no name, and the name that it has, change nothing', async () => {
  const { db, named } = await tagged('vision', 'sight');
  for (const typed of ['', '  ', '\0', 'vision', ' vision ']) {
    assert.equal(await renameTag(db, await named('vision'), typed), false);
  }
  assert.equal((await waiting(db)).length, 0);
});

test('names are one whatever their case and composition, and the older key stands for them', () => {
  assert.equal(folded('Cafe\u0301 '), folded('CAFÉ'));
  assert.equal(cleaned(` a\n b${'x'.repeat(300)}`).length, 255);
  const tag = (key, name, count) => ({ key, also: [], name, color: null, count, used: 0 });
  assert.deepEqual(asOne([tag('c', 'Thesis', 2), tag('x', 'other', 1), tag('a', 'thesis', 3), tag('b', 'THESIS', 0)]), [
    { key: 'a', also: ['c', 'b'], name: 'thesis', color: null, count: 5, used: 0 },
    tag('x', 'other', 1),
  ]);
});
