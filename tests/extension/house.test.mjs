/** The extension's house rules: permissions, doors, sizes, and nothing that could run foreign code. */

import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { build } from '../../extension/build.mjs';
import { makePage } from './make.mjs';

const ROOT = new URL('../../extension/', import.meta.url);
const manifest = JSON.parse(readFileSync(new URL('manifest.json', ROOT), 'utf8'));
const names = readdirSync(new URL('src/', ROOT), { recursive: true }).map(String);
const sources = names
  .filter((name) => name.endsWith('.js'))
  .map((name) => [name, readFileSync(new URL(`src/${name}`, ROOT), 'utf8')]);
const code = sources.map(([name, text]) => [name, text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')]);

/** The files whose code (not its comments) matches. */
const matching = (pattern) => code.filter(([, text]) => pattern.test(text)).map(([name]) => name);

test('the permissions are these and no others', () => {
  assert.deepEqual(manifest.permissions, [
    'storage',
    'activeTab',
    'scripting',
    'alarms',
    'contextMenus',
    'sidePanel',
  ]);
  assert.deepEqual(manifest.optional_host_permissions, ['https://*/*', 'http://*/*']);
  for (const key of ['host_permissions', 'content_scripts', 'web_accessible_resources', 'externally_connectable']) {
    assert.equal(manifest[key], undefined, key);
  }
});

test('each permission is justified for the stores and in the settings', () => {
  const told = readFileSync(new URL('../docs/store.md', ROOT), 'utf8');
  const justified = [...told.matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name);
  assert.deepEqual(justified, manifest.permissions);
  const words = JSON.parse(readFileSync(new URL('_locales/en/messages.json', ROOT), 'utf8'));
  const explained = Object.keys(words).flatMap((name) => /^right_(\w+)$/.exec(name)?.[1] ?? []);
  assert.deepEqual(explained.sort(), [...manifest.permissions].sort());
  for (const host of manifest.optional_host_permissions) assert.ok(told.includes(`\`${host}\``), host);
  assert.ok(told.includes(words.description.message), 'the summary');
});

test('extension pages load nothing from elsewhere', () => {
  const policy = manifest.content_security_policy.extension_pages;
  assert.match(policy, /^default-src 'self';/);
  assert.ok(!/unsafe|upgrade-insecure/.test(policy));
  for (const name of names.filter((one) => one.endsWith('.html'))) {
    const html = readFileSync(new URL(`src/${name}`, ROOT), 'utf8');
    assert.ok(!/(src|href)="https?:|<script(?! type="module" src=)|\son\w+=/.test(html), name);
  }
});

test('one file speaks to the browser, one to the server, and one asks sites for PDFs', () => {
  assert.deepEqual(matching(/\b(chrome|browser)\.(?!js\b)\w/), []);
  // A script in a page has no modules: the toolbar opens the door itself, to send one message.
  assert.deepEqual(matching(/\bworld\.(browser|chrome)/).sort(), ['browser.js', 'page/toolbar.js']);
  assert.deepEqual(matching(/\bapi\(\)/).sort(), ['browser.js', 'browser_ui.js']);
  assert.deepEqual(matching(/\bfetch\(|XMLHttpRequest|WebSocket|sendBeacon/), ['api.js', 'reader/bytes.js']);
});

test('no text becomes code or markup', () => {
  assert.deepEqual(
    matching(/innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|setTimeout\(["'`]/),
    [],
  );
});

test('listeners of the background are registered before anything is awaited', () => {
  const [, text] = code.find(([name]) => name === 'background.js');
  const top = text.slice(0, text.indexOf('async function'));
  for (const listener of ['onStart(', 'onAlarm(', 'onCommand(', 'onMenu(', 'onPageLoaded(', 'onMessage(']) {
    assert.ok(top.includes(listener), listener);
  }
  assert.ok(!/\bawait\b/.test(top));
});

test('every file says why it exists and stays readable', () => {
  for (const [name, text] of sources) {
    assert.ok(text.startsWith('/**'), name);
    assert.ok(text.split('\n').length <= 250, name);
  }
});

test('every word that the windows ask for is in _locales, and none is there for nothing', () => {
  const words = JSON.parse(readFileSync(new URL('_locales/en/messages.json', ROOT), 'utf8'));
  const asked = new Set(
    [...JSON.stringify(manifest).matchAll(/__MSG_(\w+?)__/g)].map(([, name]) => name),
  );
  const texts = [...code.map(([, text]) => text)];
  for (const name of names.filter((one) => one.endsWith('.html'))) {
    texts.push(readFileSync(new URL(`src/${name}`, ROOT), 'utf8'));
  }
  for (const text of texts) {
    for (const [, call] of text.matchAll(/\bword\(([^)`]*)/g)) {
      for (const [, name] of call.matchAll(/'(\w+)'/g)) asked.add(name);
    }
    for (const [, name] of text.matchAll(/data-(?:word|label|hint)="(\w+)"/g)) asked.add(name);
    for (const [, start] of text.matchAll(/\bword\(`(\w+)\$/g)) {
      const made = Object.keys(words).filter((one) => one.startsWith(start));
      assert.ok(made.length > 1, start);
      for (const one of made) asked.add(one);
    }
  }
  assert.deepEqual([...asked].sort(), Object.keys(words).sort());
});

test('every error has its sentence', () => {
  const words = JSON.parse(readFileSync(new URL('_locales/en/messages.json', ROOT), 'utf8'));
  const raised = code.flatMap(([, text]) => {
    const thrown = /new (?:ScholiumError|[A-Z]\w+(?:Failed|SignedIn|Answer|Server|Closed|Selected))\(([^;]*?)\)/g;
    const calls = [...text.matchAll(thrown)].flatMap(([, call]) => [...call.matchAll(/'([^']*)'/g)].slice(0, call.includes('?') ? 2 : 1));
    const own = text.matchAll(/(?:told = |super\()'(\w+)'/g);
    return [...calls, ...own].map(([, name]) => name);
  });
  assert.ok(raised.length > 30, String(raised));
  assert.deepEqual(raised.filter((name) => !words[`error_${name}`]), []);
  const kept = Object.keys(words).filter((name) => name.startsWith('error_') && name !== 'error_fault');
  assert.deepEqual(kept.filter((name) => !raised.includes(name.slice('error_'.length))), []);
});

test('no window has a word that is not in _locales, but names', () => {
  const NAMES = new Set(['Scholium', '', '0', '×', '−', '+', '↑', '↓']);
  for (const name of names.filter((one) => one.endsWith('.html'))) {
    const { document } = makePage(readFileSync(new URL(`src/${name}`, ROOT), 'utf8'));
    const walker = document.createTreeWalker(document, 4);
    while (walker.nextNode()) {
      assert.ok(NAMES.has(walker.currentNode.data.trim()), `${name}: ${walker.currentNode.data}`);
    }
    for (const element of document.querySelectorAll('[title], [aria-label], [alt]:not([alt=""])')) {
      assert.fail(`${name}: ${element.outerHTML}`);
    }
    for (const { placeholder } of document.querySelectorAll('[placeholder]')) assert.match(placeholder, /^[\w.:/]+$/, name);
  }
  const said = /\.(?:textContent|title|placeholder|ariaLabel) = ['"`](?!\$\{)\w|new Option\(['"]\w|setAttribute\('(?:aria-label|title|placeholder)', ['"`]\w/;
  assert.deepEqual(matching(said), []);
});

test('the same sources make the same bytes', async () => {
  const made = [];
  for (const name of ['a', 'b']) {
    const folder = mkdtempSync(join(tmpdir(), `scholium-${name}-`));
    await build(folder);
    made.push(readFileSync(join(folder, 'scholium-extension.zip')));
    rmSync(folder, { recursive: true });
  }
  assert.ok(made[0].equals(made[1]) && made[0].length > 10_000);
});
