/** What the windows and the badge show: the mirror with the outbox laid over it. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { badgeText } from '../../extension/src/badge.js';
import { overlay } from '../../extension/src/merge.js';
import { keepPage, rememberPage } from '../../extension/src/mirror.js';
import { namesOf, shownName } from '../../extension/src/names.js';
import { add } from '../../extension/src/outbox.js';
import { authorsText, queueText, savedText } from '../../extension/src/popup/words.js';
import { putTag, suggestions } from '../../extension/src/tags.js';
import { allTags, findEntry } from '../../extension/src/views.js';
import { makeDevice, NOW, save, speak } from './make.mjs';

const ENTRY = '0199a000-0000-7000-8000-0000000000e1';
const PAPER = '0199a000-0000-7000-8000-0000000000a1';

function pageOf(changes, { more = false, acks = {} } = {}) {
  const upto = Math.max(0, ...changes.map((one) => one.version));
  return {
    epoch: 'e1',
    changes,
    cursor: String(upto),
    more,
    upto,
    commit: [upto, 't'],
    acks,
    server_time: new Date(NOW).toISOString(),
  };
}

const entry = (version, data = {}) => ({
  type: 'entry',
  key: ENTRY,
  version,
  data: {
    paper_id: PAPER,
    status: 'to_read',
    tags: [],
    saved_from: { url: 'https://publisher.example/article/1' },
    ...data,
  },
});
const paper = (version) => ({
  type: 'paper',
  key: PAPER,
  version,
  data: {
    title: 'T',
    authors: [{ literal: 'A Team' }],
    identifiers: { arxiv: ['2401.01234'], doi: ['10.1234/abc'] },
    manifestations: [{ kind: 'pdf', url: 'https://publisher.example/pdf/1' }],
  },
});

test('a paper that was saved from one of its pages is known on all of them, without asking anyone', async () => {
  const { db } = await makeDevice();
  await keepPage(db, pageOf([entry(1), paper(2)]), NOW);
  for (const url of [
    'https://arxiv.org/abs/2401.01234',
    'https://arxiv.org/pdf/2401.01234v2',
    'https://doi.org/10.1234/ABC',
    'https://publisher.example/article/1',
    'https://publisher.example/pdf/1',
  ]) {
    assert.equal((await findEntry(db, namesOf(url)))?.entry.key, ENTRY, url);
  }
  assert.equal(await findEntry(db, namesOf('https://arxiv.org/abs/2401.01235')), null);
});

test('a page that named its paper by its words is known by its address from then on, until the entry goes', async () => {
  const { db } = await makeDevice();
  await keepPage(db, pageOf([entry(1), paper(2)]), NOW);
  const address = namesOf('https://blog.example/about-the-paper');
  await rememberPage(db, address, ENTRY);
  assert.equal((await findEntry(db, address)).entry.key, ENTRY);
  await keepPage(db, pageOf([{ type: 'entry', key: ENTRY, version: 3, deleted: true }]), NOW);
  assert.equal(await findEntry(db, address), null);
});

test('a deleted entry is not there, and a restored one is', async () => {
  const { db } = await makeDevice();
  await keepPage(db, pageOf([entry(1), paper(2)]), NOW);
  await add(db, [{ type: 'entry', key: ENTRY, op: 'delete' }], NOW);
  assert.equal(await findEntry(db, ['arxiv:2401.01234']), null);
  await add(db, [{ type: 'entry', key: ENTRY, op: 'restore' }], NOW);
  assert.equal((await findEntry(db, ['arxiv:2401.01234'])).entry.key, ENTRY);
});

test("a page on which a highlight was made is known as the paper's", async () => {
  const { db } = await makeDevice();
  const url = 'https://reader.example/view/9';
  const data = {
    entry_id: ENTRY,
    manifestation: url,
    selectors: [{ type: 'TextQuoteSelector', exact: 'x' }],
    created_at: '2026-11-18T00:00:00.000Z',
  };
  await keepPage(
    db,
    pageOf([entry(1), paper(2), { type: 'highlight', key: '0199a000-0000-7000-8000-0000000000b1', version: 3, data }]),
    NOW,
  );
  const found = await findEntry(db, namesOf(url));
  assert.deepEqual([found.entry.key, found.highlights.length], [ENTRY, 1]);
});

test('an older state that arrives late does not overwrite a newer one', async () => {
  const { db } = await makeDevice();
  await keepPage(db, pageOf([entry(5, { status: 'read' }), paper(2)]), NOW);
  await keepPage(db, pageOf([entry(3, { status: 'reading' })]), NOW);
  assert.equal((await findEntry(db, ['arxiv:2401.01234'])).entry.data.status, 'read');
});

test('an own edit shows over what was pulled until it is answered for', async () => {
  const { db } = await makeDevice();
  await keepPage(db, pageOf([entry(1), paper(2)]), NOW);
  await add(db, [{ type: 'entry', key: ENTRY, op: 'put', set: { status: 'read' } }], NOW);
  await keepPage(db, pageOf([entry(3, { status: 'reading' })]), NOW);
  const { entry: seen } = await findEntry(db, ['arxiv:2401.01234']);
  assert.deepEqual([seen.data.status, seen.waiting], ['read', true]);
});

test('an op that was refused or held is not shown as if it were true', () => {
  const op = { op: 'put', key: ENTRY, type: 'entry', set: { status: 'read' }, add: {}, del: {}, hint: null };
  for (const state of ['refused', 'held']) {
    assert.equal(overlay(entry(1), [{ ...op, state }]).data.status, 'to_read');
    assert.equal(overlay(undefined, [{ ...op, state }]), null);
  }
});

test('laying the outbox over the mirror changes neither', () => {
  const row = entry(1, { tags: ['t1'] });
  const before = structuredClone(row);
  const op = {
    op: 'put',
    key: ENTRY,
    type: 'entry',
    state: 'waiting',
    set: {},
    add: { tags: ['t2'] },
    del: { tags: ['t1'] },
    hint: null,
  };
  assert.deepEqual(overlay(row, [op]).data.tags, ['t2']);
  assert.deepEqual(row, before);
});

test('two tags that became one are shown once, by whichever key they were put on', async () => {
  const { db } = await makeDevice();
  const [one, two] = ['0199a000-0000-7000-8000-000000000071', '0199a000-0000-7000-8000-000000000072'];
  const merged = { type: 'tag', key: two, version: 4, deleted: true, merged_into: one };
  const tag = { type: 'tag', key: one, version: 3, data: { name: 'thesis', color: 'green' } };
  await keepPage(db, pageOf([entry(1, { tags: [one] }), paper(2), tag, merged]), NOW);
  await add(db, [{ type: 'entry', key: ENTRY, op: 'put', add: { tags: [two] } }], NOW);
  assert.deepEqual(
    (await findEntry(db, ['arxiv:2401.01234'])).tags.map(({ key, name, color }) => [key, name, color]),
    [[one, 'thesis', 'green']],
  );
  await add(db, [{ type: 'entry', key: ENTRY, op: 'put', del: { tags: [one] } }], NOW);
  assert.deepEqual((await findEntry(db, ['arxiv:2401.01234'])).tags, []);
});

test('tags are offered by use, those that begin as typed first, those on the paper never', async () => {
  const { db } = await makeDevice();
  const first = await save(db);
  const second = await save(db, 'https://arxiv.org/abs/2401.00002');
  await putTag(db, first, 'vision');
  await putTag(db, first, 'machine vision');
  await putTag(db, second, 'machine vision');
  const all = await allTags(db);
  assert.deepEqual(
    all.map((tag) => [tag.name, tag.count]),
    [
      ['machine vision', 2],
      ['vision', 1],
    ],
  );
  assert.deepEqual(
    suggestions(all, 'VIS', []).map((tag) => tag.name),
    ['vision', 'machine vision'],
  );
  assert.deepEqual(
    suggestions(all, 'vis', [all[1].key]).map((tag) => tag.name),
    ['machine vision'],
  );
  assert.equal(await putTag(db, first, '  '), false);
});

test('the badge counts what waits, else ticks what is saved', () => {
  assert.deepEqual(
    [badgeText(3, true), badgeText(0, true), badgeText(0, false), badgeText(5000, false)],
    ['3', '✓', '', '999+'],
  );
});

test("the popup's sentences", () => {
  speak();
  const quiet = { waiting: 0, parked: 0, many: false, trouble: [] };
  assert.equal(savedText(true, undefined), 'Saved');
  assert.equal(savedText(false, '2026-11-03T10:00:00.000Z'), 'Already saved on 3 Nov 2026');
  assert.equal(queueText(quiet, null), '');
  assert.equal(queueText({ ...quiet, waiting: 3 }, null), '3 changes waiting.');
  assert.equal(
    queueText({ ...quiet, waiting: 1 }, 'The server cannot be reached.'),
    '1 change waiting: The server cannot be reached.',
  );
  assert.equal(authorsText(['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H']), 'A, B, C, D, E and 3 more');
  assert.equal(shownName(['url:https://x.example/', 'doi:10.1/x', 'arxiv:2401.1']), 'arXiv:2401.1');
});
