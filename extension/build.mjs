/**
 * Lays the extension out for browsers: `dist/extension` to load unpacked, `dist/scholium-extension.zip` for the stores.
 *
 * What runs is what is written in `src`, file by file, without comments, spaces and long local names, so that the package
 * stays small: nothing is bundled or left out. The popup names its modules, to load them at once. Beside it lie the files
 * of PDF.js that the reader needs, as its npm package has them, with their licences.
 */

import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { minify } from 'terser';

import { preloaded } from './preload.mjs';
import { zip } from './zip.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const PARTS = ['_locales', 'icons', 'manifest.json', 'src'];
const PDFJS = [
  'LICENSE',
  'legacy/build/pdf.min.mjs',
  'legacy/build/pdf.worker.min.mjs',
  'legacy/web/pdf_viewer.mjs',
  'standard_fonts/FoxitDingbats.pfb',
  'standard_fonts/FoxitSymbol.pfb',
  'standard_fonts/LICENSE_FOXIT',
  // JavaScript for images of scans and of JPEG 2000: the policy of the extension's pages allows no WebAssembly.
  'wasm/LICENSE_JBIG2',
  'wasm/LICENSE_OPENJPEG',
  'wasm/LICENSE_PDFJS_JBIG2',
  'wasm/LICENSE_PDFJS_OPENJPEG',
  'wasm/jbig2_nowasm_fallback.js',
  'wasm/openjpeg_nowasm_fallback.js',
];

/**
 * Build the extension.
 * @param {string} out the folder to make anew
 */
export async function build(out) {
  const folder = join(out, 'extension');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const part of PARTS) cpSync(join(here, part), join(folder, part), { recursive: true });
  const popup = join(folder, 'src', 'popup', 'popup.html'); // the one window for which somebody waits
  writeFileSync(popup, preloaded(popup));
  rmSync(join(folder, 'icons', 'scholium.svg')); // of which the others are made
  for (const path of readdirSync(folder, { recursive: true }).map(String).sort()) {
    const file = join(folder, path);
    const packed = await small(path, () => readFileSync(file, 'utf8'));
    if (packed === '') rmSync(file);
    else if (packed !== null) writeFileSync(file, packed);
  }
  const library = join(here, 'node_modules', 'pdfjs-dist');
  for (const path of PDFJS) cpSync(join(library, path), join(folder, 'pdfjs', path.replace(/^legacy\/\w+\//, '')));
  writeFileSync(join(out, 'scholium-extension.zip'), zip(folder));
}

/**
 * A file without what only its readers need.
 * @param {string} path @param {() => string} text
 * @returns {Promise<string | null>} null for one that stays as it is, empty for one that holds types alone
 */
async function small(path, text) {
  if (path.endsWith('messages.json')) return wordsOnly(text());
  if (/\.(?:css|html)$/.test(path)) return text().replace(/\/\*.*?\*\/\n?/gs, '').replace(/^\s+/gm, '');
  if (!path.endsWith('.js')) return null;
  const code = (await minify(text(), { module: true, keep_classnames: true, format: { semicolons: false } })).code ?? '';
  return code.trim() === 'export{}' ? '' : `${code}\n`;
}

/** Sentences without what is said of them to translators. @param {string} text @returns {string} */
function wordsOnly(text) {
  return JSON.stringify(JSON.parse(text, (key, value) => (['description', 'example'].includes(key) && typeof value === 'string' ? undefined : value)));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await build(process.argv[2] ?? join(here, '..', 'dist'));
