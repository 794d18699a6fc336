/** The extension's house rules: permissions, doors, sizes, and nothing that could run foreign code. */

import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { build } from '../../extension/build.mjs';

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

test('extension pages load nothing from elsewhere', () => {
  const policy = manifest.content_security_policy.extension_pages;
  assert.match(policy, /^default-src 'self';/);
  assert.ok(!/unsafe|upgrade-insecure/.test(policy));
  for (const name of names.filter((one) => one.endsWith('.html'))) {
    const html = readFileSync(new URL(`src/${name}`, ROOT), 'utf8');
    assert.ok(!/(src|href)="https?:|<script(?! type="module" src=)|\son\w+=/.test(html), name);
  }
});

test('one file speaks to the browser and one to the network', () => {
  assert.deepEqual(matching(/\b(chrome|browser)\.(?!js\b)\w/), []);
  // A script in a page has no modules: the toolbar opens the door itself, to send one message.
  assert.deepEqual(matching(/\bworld\.(browser|chrome)/).sort(), ['browser.js', 'page/toolbar.js']);
  assert.deepEqual(matching(/\bapi\(\)/).sort(), ['browser.js', 'browser_ui.js']);
  assert.deepEqual(matching(/\bfetch\(|XMLHttpRequest|WebSocket|sendBeacon/), ['api.js']);
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
  const asked = new Set(['name', 'description', 'command_save', 'command_highlight']);
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

test('the same sources make the same bytes', () => {
  const made = ['a', 'b'].map((name) => {
    const folder = mkdtempSync(join(tmpdir(), `scholium-${name}-`));
    build(folder);
    const bytes = readFileSync(join(folder, 'scholium-extension.zip'));
    rmSync(folder, { recursive: true });
    return bytes;
  });
  assert.ok(made[0].equals(made[1]) && made[0].length > 10_000);
});
