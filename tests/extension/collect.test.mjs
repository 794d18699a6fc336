/** What the extension reads from a page that is saved. */

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

import { makePage } from './make.mjs';

function collect(html, url = 'https://journal.example/article/7') {
  return JSON.parse(JSON.stringify(makePage(html, { url, scripts: ['collect'] }).scholium.collect()));
}

const PAGE = `<html lang="de"><head><title> Ein Titel </title>
  <link rel="canonical" href="/article/7?utm=no"><meta name="citation_title" content="A Title">
  <meta name="citation_author" content="Curie, Marie"><meta name="citation_author" content="Meitner, Lise">
  <meta property="og:type" content="article"><meta name="empty" content=" "><meta charset="utf-8">
  <script type="application/ld+json">{"@type": "ScholarlyArticle", "name": "A Title"}</script>
  <script type="application/ld+json">[{"@type": "Person"}, 7]</script>
  <script type="application/ld+json">{ broken </script></head>
  <body><nav><a href="/home">Home</a> menu words</nav>
  <main><h1>A Title</h1><p>We  measured
  it.</p><p hidden>secret</p><style>p { color: red }</style>
  <a href="files/paper.pdf">Download</a> <a href="https://github.com/x/y">x/y</a> <a href="/code-page">Code</a>
  <a href="https://news.example/">News</a> <a href="mailto:a@b.example">pdf</a> <a href="javascript:alert(1)">Code</a>
  <a href="#section">PDF</a> <a href="https://github.com/x/y">again</a></main></body></html>`;

test('title, language, canonical address and every meta in the order of the page', () => {
  const page = collect(PAGE);
  assert.deepEqual(Object.keys(page), [
    'title',
    'canonical',
    'lang',
    'content_type',
    'metas',
    'jsonld',
    'links',
    'text',
  ]);
  assert.deepEqual([page.title, page.lang, page.content_type], ['Ein Titel', 'de', 'text/html']);
  assert.equal(page.canonical, 'https://journal.example/article/7?utm=no');
  assert.deepEqual(page.metas, [
    ['citation_title', 'A Title'],
    ['citation_author', 'Curie, Marie'],
    ['citation_author', 'Meitner, Lise'],
    ['og:type', 'article'],
  ]);
});

test('JSON-LD that parses, lists taken apart', () => {
  assert.deepEqual(collect(PAGE).jsonld, [{ '@type': 'ScholarlyArticle', name: 'A Title' }, { '@type': 'Person' }]);
});

test('JSON-LD nested deeper than the server reads is left out, and costs the page nothing else', () => {
  const nested = (depth) => `{"a":`.repeat(depth - 1) + '{}' + '}'.repeat(depth - 1);
  const blocks = [nested(64), nested(65), nested(300), nested(18_000), '['.repeat(60_000) + ']'.repeat(60_000), '{"ok": 1}'];
  const { jsonld, metas } = collect(
    `<meta name="citation_title" content="A Title">${blocks.map((one) => `<script type="application/ld+json">${one}</script>`).join('')}`,
  );
  assert.deepEqual(jsonld, [JSON.parse(nested(64)), { ok: 1 }]);
  assert.deepEqual(metas, [['citation_title', 'A Title']]);
});

test('links to PDFs, identifiers and code, each once, and no others', () => {
  assert.deepEqual(collect(PAGE).links, [
    ['https://journal.example/article/files/paper.pdf', 'Download'],
    ['https://github.com/x/y', 'x/y'],
    ['https://journal.example/code-page', 'Code'],
  ]);
});

test('the visible words of the main content, without menus, hidden parts and styles', () => {
  const { text } = collect(PAGE);
  assert.ok(text.startsWith('A Title We measured it.'), text);
  assert.ok(!/menu|secret|color/.test(text), text);
});

test('a page without any head is read too', () => {
  const page = collect('<p>Only this.</p>');
  assert.deepEqual([page.title, page.canonical, page.lang, page.text], ['', null, null, 'Only this.']);
});

test('a page that holds far too much stays within the limits', () => {
  const links = Array.from({ length: 500 }, (_, i) => `<a href="https://github.com/o/r${i}">r</a>`).join('');
  const metas = Array.from({ length: 300 }, (_, i) => `<meta name="m${i}" content="${'é'.repeat(4000)}">`).join('');
  const block = `<script type="application/ld+json">{"x": "${'y'.repeat(100_000)}"}</script>`.repeat(6);
  const page = collect(
    `<html><head>${metas}${block}</head><body><main>${'words '.repeat(9000)}${links}</main></body></html>`,
  );
  assert.ok(Buffer.byteLength(JSON.stringify(page)) < 512 * 1024);
  assert.ok(page.text.length <= 20_000 && page.links.length <= 200);
  assert.equal(collect(`<main>${links}${'words '.repeat(9000)}</main>`).links.length, 200);
});

test('NUL and halves of characters are left out, for no library keeps them', () => {
  const { document, scholium } = makePage('<title>x</title><p>y</p>', { scripts: ['collect'] });
  document.title = 'a\0b\ud800c';
  assert.equal(scholium.collect().title, 'ab\ufffdc');
});

const PAGES = new URL('../../../shared/fixtures/pages/', import.meta.url);
const reason = existsSync(PAGES) ? false : 'shared fixtures are not here: no ../shared/fixtures/pages';

test('real pages are read within the limits and lose none of their citation metas', { skip: reason }, () => {
  const files = readdirSync(PAGES, { recursive: true }).filter((name) => String(name).endsWith('.html'));
  assert.ok(files.length > 20);
  for (const name of files) {
    const html = readFileSync(new URL(name, PAGES), 'utf8');
    const page = collect(html);
    assert.ok(Buffer.byteLength(JSON.stringify(page)) <= 512 * 1024, name);
    const { document } = makePage(html);
    const expected = [...document.querySelectorAll('meta[name^=citation_][content]')].filter((one) =>
      one.content.trim(),
    );
    assert.equal(page.metas.filter(([one]) => one.startsWith('citation_')).length, expected.length, name);
  }
});
