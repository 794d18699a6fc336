/** What is shipped: small, the same bytes each time, and doing what is written in `src`. */

import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { inflateRawSync } from 'node:zlib';

import { build } from '../../extension/build.mjs';

const SRC = new URL('../../extension/src/', import.meta.url);
const MOST = 1_000_000; // bytes of the zip
const MOST_OWN = 120_000; // without the files of PDF.js

const folder = mkdtempSync(join(tmpdir(), 'scholium-package-'));
await build(folder);
const zip = readFileSync(join(folder, 'scholium-extension.zip'));
after(() => rmSync(folder, { recursive: true }));

/** The files in a zip by the directory at its end: their names, packed sizes and bodies. */
function filesIn(bytes) {
  const files = [];
  let at = bytes.readUInt32LE(bytes.length - 6);
  while (bytes.readUInt32LE(at) === 0x02014b50) {
    const [packed, length] = [bytes.readUInt32LE(at + 20), bytes.readUInt16LE(at + 28)];
    const name = bytes.toString('utf8', at + 46, at + 46 + length);
    const from = bytes.readUInt32LE(at + 42) + 30 + length;
    files.push({ name, packed, body: inflateRawSync(bytes.subarray(from, from + packed)) });
    at += 46 + length;
  }
  return files;
}

test('the zip holds what is laid out to be loaded unpacked, file by file', () => {
  const files = filesIn(zip);
  const root = join(folder, 'extension');
  const laid = readdirSync(root, { recursive: true }).map(String);
  assert.deepEqual(files.map((one) => one.name).sort(), laid.filter((one) => statSync(join(root, one)).isFile()).sort());
  for (const { name, body } of files) assert.ok(body.equals(readFileSync(join(root, name))), name);
});

test('it is below 1 MB, and below 120 kB without PDF.js', (t) => {
  const theirs = filesIn(zip).filter(({ name }) => name.startsWith('pdfjs/'));
  const own = zip.length - theirs.reduce((sum, { name, packed }) => sum + packed + 76 + 2 * name.length, 0);
  t.diagnostic(`${zip.length} bytes, ${own} without PDF.js`);
  assert.ok(zip.length < MOST, `${zip.length} bytes`);
  assert.ok(own < MOST_OWN, `${own} bytes`);
});

test('of PDF.js there is what the reader needs, with the licences, and nothing that runs the scripts of a PDF', () => {
  const names = filesIn(zip).map((one) => one.name);
  for (const name of ['pdf.min.mjs', 'pdf.worker.min.mjs', 'pdf_viewer.mjs', 'LICENSE', 'standard_fonts/LICENSE_FOXIT']) {
    assert.ok(names.includes(`pdfjs/${name}`), name);
  }
  assert.deepEqual(names.filter((name) => /sandbox|quickjs|\.wasm$|\.map$/.test(name)), []);
  assert.ok(!existsSync(join(folder, 'extension', 'node_modules')));
});

test('a script as shipped is the script as written: the same modules in and out', () => {
  const doors = (/** @type {string} */ script) => ({
    from: [...script.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*["'](\.?[^"'\n]*\.m?js)["']/g)].map(([, path]) => path).sort(),
    out: [...script.matchAll(/\bexport\s*(?:async\s+)?(?:function\*?|const|let|class)\s*(\w+)/g)].map(([, name]) => name).sort(),
  });
  for (const name of readdirSync(SRC, { recursive: true }).map(String)) {
    if (!name.endsWith('.js')) continue;
    const written = readFileSync(new URL(name, SRC), 'utf8').replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
    const file = join(folder, 'extension', 'src', name);
    // What holds types alone is asked for by nobody.
    const shipped = existsSync(file) ? readFileSync(file, 'utf8') : 'export{}';
    assert.deepEqual(doors(shipped), doors(written), name);
    assert.ok(!/\/\*\*|sourceMappingURL/.test(shipped), name);
  }
});

test('the popup names all modules that it needs, each once and none that is not there: few before its first moment', () => {
  const root = fileURLToPath(new URL('popup', SRC));
  const html = readFileSync(join(folder, 'extension', 'src', 'popup', 'popup.html'), 'utf8');
  const named = [...html.matchAll(/<link rel="modulepreload" href="([^"]+)">/g)].map(([, path]) => join(root, path));
  const later = /data-later="([^"]+)"/.exec(html)[1].split(' ').map((path) => join(root, path));
  const neededBy = (path, found = new Set()) => {
    for (const [, source] of readFileSync(path, 'utf8').matchAll(/^(?:import|export)\b[^;']*'(\.[^']+)';/gm)) {
      const next = join(path, '..', source);
      if (!found.has(next)) neededBy(next, found.add(next));
    }
    return found;
  };
  const first = neededBy(join(root, 'popup.js'));
  assert.deepEqual(named.sort(), [...first].sort());
  const flow = join(root, 'flow.js');
  assert.deepEqual(later.sort(), [flow, ...neededBy(flow)].filter((path) => !first.has(path)).sort());
  assert.ok(first.size < 15 && later.length > 30, `${first.size} and ${later.length}`);
});

test('translators see what a sentence is for, and the browser gets the sentence alone', () => {
  const path = '_locales/en/messages.json';
  const written = JSON.parse(readFileSync(new URL(`../${path}`, SRC), 'utf8'));
  const shipped = JSON.parse(readFileSync(join(folder, 'extension', path), 'utf8'));
  assert.deepEqual(Object.keys(shipped), Object.keys(written));
  for (const [name, { message, placeholders = {} }] of Object.entries(written)) {
    const places = Object.fromEntries(Object.entries(placeholders).map(([place, { content }]) => [place, { content }]));
    assert.deepEqual(shipped[name], Object.keys(places).length ? { message, placeholders: places } : { message }, name);
  }
});
