/** What a click on the icon means: a paper, a list of papers, or neither; lists and tags that are offered first. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { candidatesOf } from '../../extension/src/candidates.js';
import { hintOf, kindOf, saysPaper } from '../../extension/src/hint.js';
import { putOnList, takeOffList } from '../../extension/src/lists.js';
import { add } from '../../extension/src/outbox.js';
import { savePicked } from '../../extension/src/save.js';
import { putTag, suggestions } from '../../extension/src/tags.js';
import { noteUse, weight } from '../../extension/src/used.js';
import { allLists, allTags, entryOf, whichAreThere } from '../../extension/src/views.js';
import { ARXIV, makeDevice, makePage, NOW, save } from './make.mjs';

const LISTING = `<dl><dt><a name="i1">[1]</a> <a href="/abs/2401.01234">arXiv:2401.01234</a>
    [<a href="/pdf/2401.01234">pdf</a>]</dt>
  <dd><div class="list-title mathjax"><span class="descriptor">Title:</span> A First <b>Paper</b></div>
    <a href="/a/lovelace_a_1">Ada Lovelace</a></dd>
  <dt><a href="/abs/2401.00002v2">arXiv:2401.00002</a></dt>
  <dd><div class="list-title">Title: A Second Paper</div></dd></dl>
  <a href="/list/cs.CL/new">new</a> <a href="javascript:alert(1)">no</a> <a href="https://info.example/help">Help with this list of papers</a>`;
const DAILY = `<article><a href="/papers/2401.01234"></a><h3><a href="/papers/2401.01234">Scaling the Small Things Well</a></h3>
  <a href="/papers/2401.01234#community">12 comments</a></article>`;
const SEARCH = `<div class="gs_r"><div class="gs_ggs"><a href="https://arxiv.org/pdf/2401.01234">[PDF] arxiv.org</a></div>
    <div class="gs_ri"><h3 class="gs_rt"><a href="https://publisher.example/read/77">A Paper with a Long Title</a></h3>
    <a href="/scholar?cites=1">Cited by 7</a></div></div>
  <div class="gs_r"><h3><a href="https://elsewhere.example/8">Another Paper Found by It</a></h3></div>
  <h3><a href="/citations?user=x">A Profile of the Same Site</a></h3>`;

/** The papers that a page lists, as the extension reads it. */
function listed(html, url) {
  const found = makePage(html, { url, scripts: ['listing'] }).scholium.listing();
  return candidatesOf(url, JSON.parse(JSON.stringify(found)));
}

const page = (more = {}) => ({
  title: 'A Page',
  canonical: null,
  lang: null,
  content_type: 'text/html',
  metas: [],
  jsonld: [],
  links: [],
  text: '',
  ...more,
});

test('an address of a paper, of its PDF, of a list and of neither are told apart without reading the page', () => {
  assert.equal(kindOf(ARXIV), 'paper');
  assert.equal(kindOf('https://some.example/files/thesis.pdf'), 'paper');
  assert.equal(kindOf('https://arxiv.org/list/cs.CL/recent'), 'list');
  assert.equal(kindOf('https://news.example/today'), 'webpage');
  assert.equal(kindOf('nonsense'), 'webpage');
});

test('a page says that it is a paper by its metas, its identifiers, its JSON-LD or its type; a blog does not', () => {
  const url = 'https://some.example/x';
  const says = (more) => saysPaper(page(more), hintOf(url, page(more), ''));
  assert.ok(says({ metas: [['citation_title', 'T'], ['citation_date', '2024']] }));
  assert.ok(!says({ metas: [['citation_title', 'A post'], ['citation_author', 'A'], ['citation_author_email', 'a@b']] }));
  assert.ok(says({ metas: [['dc.identifier', 'doi:10.1234/abc']] }));
  assert.ok(says({ canonical: ARXIV }));
  assert.ok(says({ jsonld: [{ '@type': ['Thing', 'ScholarlyArticle'] }] }));
  assert.ok(says({ content_type: 'application/pdf' }));
  assert.ok(!says({ metas: [['og:title', 'T'], ['author', 'A']], jsonld: [{ '@type': 'BlogPosting' }] }));
  assert.ok(!saysPaper(null, hintOf(url, null, '')));
});

test("a listing's papers come once each, in order, with the titles that stand beside them", () => {
  assert.deepEqual(listed(LISTING, 'https://arxiv.org/list/cs.CL/recent'), [
    { url: 'https://arxiv.org/abs/2401.01234', names: ['arxiv:2401.01234'], title: 'A First Paper' },
    { url: 'https://arxiv.org/abs/2401.00002v2', names: ['arxiv:2401.00002'], title: 'A Second Paper' },
  ]);
  assert.deepEqual(
    listed(DAILY, 'https://huggingface.co/papers').map(({ names, title }) => [...names, title]),
    [['arxiv:2401.01234', 'Scaling the Small Things Well']],
  );
});

test("a search's results are papers also where their address tells nothing; the form with a name is preferred", () => {
  assert.deepEqual(
    listed(SEARCH, 'https://scholar.google.com/scholar?q=x').map(({ url, names, title }) => [url, names[0], title]),
    [
      ['https://arxiv.org/pdf/2401.01234', 'arxiv:2401.01234', 'A Paper with a Long Title'],
      ['https://elsewhere.example/8', 'url:https://elsewhere.example/8', 'Another Paper Found by It'],
    ],
  );
  assert.deepEqual(listed(SEARCH, 'https://blog.example/').map((one) => one.names[0]), ['arxiv:2401.01234']);
});

test('what is picked is saved at once, and what is in the library is left out', async () => {
  const { db } = await makeDevice();
  await save(db);
  const papers = listed(LISTING, 'https://arxiv.org/list/cs.CL/recent');
  const names = papers.map((one) => one.names);
  assert.deepEqual(await whichAreThere(db, names), [true, false]);
  assert.equal(await savePicked(db, papers), 1);
  assert.deepEqual(await whichAreThere(db, names), [true, true]);
  assert.equal(await savePicked(db, papers), 0);
});

test('a paper is put on a list by its name, which is made where it is new, and taken off again', async () => {
  const { db } = await makeDevice();
  const [first, second] = [await save(db), await save(db, 'https://arxiv.org/abs/2401.00002')];
  await putOnList(db, first, 'Reading group');
  await putOnList(db, second, ' reading  GROUP ');
  assert.deepEqual((await allLists(db)).map((one) => one.name), ['Reading group']);
  const { lists } = await entryOf(db, second);
  assert.deepEqual(lists.map((one) => one.name), ['Reading group']);
  await takeOffList(db, second, lists[0].key);
  assert.deepEqual((await entryOf(db, second)).lists, []);
  assert.equal((await entryOf(db, first)).lists.length, 1);
  assert.equal(await putOnList(db, first, ' '), false);
});

test('the list that was used last comes first, then the newest', async () => {
  const { db } = await makeDevice();
  const entry = await save(db);
  const key = (n) => `0199a000-0000-7000-8000-00000000007${n}`;
  for (const n of [1, 2, 3]) await add(db, [{ type: 'list', key: key(n), op: 'put', set: { name: `list ${n}` } }], NOW);
  await noteUse(db, key(1), NOW);
  assert.deepEqual((await allLists(db)).map((one) => one.name), ['list 1', 'list 3', 'list 2']);
  await putOnList(db, entry, 'list 2');
  assert.equal((await allLists(db))[0].name, 'list 2');
});

test('a tag used a moment ago is offered before one used often, and no more so after some weeks', async () => {
  const { db } = await makeDevice();
  for (const n of [1, 2, 3, 4, 5]) await putTag(db, await save(db, `https://arxiv.org/abs/2401.0000${n}`), 'often');
  const used = (await allTags(db))[0].used;
  const often = { ...(await allTags(db))[0], used: used - 30 * 24 * 3_600_000 };
  const lately = { ...often, key: 'other', name: 'lately', count: 1, used };
  const order = (now) => suggestions([often, lately], '', [], { now }).map((one) => one.name);
  assert.deepEqual(order(used), ['lately', 'often']);
  assert.deepEqual(order(used + 90 * 24 * 3_600_000), ['often', 'lately']);
  assert.ok(weight({ count: 0, used: 0 }, used) === 0);
});
