/**
 * Mozilla's linter over what is shipped: no errors, and no warning that is not explained here.
 *
 * Each explanation says how many warnings it is for, so that one more of a kind is not taken for an old one.
 */

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const CORE_JS = 'core-js in PDF.js looks for the global object, or for an empty document; our policy forbids both ways, and it knows others';
const BY_SETTING = 'PDF.js loads its worker and its decoders as modules, from addresses that only src/reader sets: files of this package';

/** @type {{code: string, file: string, times: number, why: string}[]} */
const EXPLAINED = [
  { code: 'MANIFEST_PERMISSIONS', file: 'manifest.json', times: 1, why: 'sidePanel is for Chromium; Firefox has sidebar_action' },
  { code: 'BACKGROUND_SERVICE_WORKER_IGNORED', file: 'manifest.json', times: 1, why: 'one manifest for both: Firefox runs the same file by "scripts"' },
  { code: 'DANGEROUS_EVAL', file: 'pdfjs/pdf.min.mjs', times: 1, why: CORE_JS },
  { code: 'DANGEROUS_EVAL', file: 'pdfjs/pdf.worker.min.mjs', times: 1, why: CORE_JS },
  { code: 'DANGEROUS_EVAL', file: 'pdfjs/pdf_viewer.mjs', times: 1, why: CORE_JS },
  // Two of core-js, and the markup of translations, which we never give it.
  { code: 'UNSAFE_VAR_ASSIGNMENT', file: 'pdfjs/pdf_viewer.mjs', times: 4, why: `${CORE_JS}; it has no translations to set as markup; its scripting of PDFs is never loaded` },
  { code: 'UNSAFE_VAR_ASSIGNMENT', file: 'pdfjs/pdf.min.mjs', times: 1, why: BY_SETTING },
  { code: 'UNSAFE_VAR_ASSIGNMENT', file: 'pdfjs/pdf.worker.min.mjs', times: 1, why: BY_SETTING },
];

const here = fileURLToPath(new URL('.', import.meta.url));
const ran = spawnSync('npx', ['web-ext', 'lint', '--source-dir', '../dist/extension', '--output', 'json'], {
  cwd: here,
  encoding: 'utf8',
  maxBuffer: 1 << 26,
});
const { errors, warnings } = JSON.parse(ran.stdout);
const left = EXPLAINED.map((one) => ({ ...one }));
const unexplained = warnings.filter((/** @type {{code: string, file: string}} */ { code, file }) => {
  const known = left.find((one) => one.code === code && one.file === file && one.times > 0);
  if (known) known.times -= 1;
  return !known;
});
for (const { code, file, line, message } of [...errors, ...unexplained]) console.error(`${file}:${line ?? ''} ${code} ${message}`);
for (const { code, file } of left.filter((one) => one.times > 0)) console.error(`${file} ${code}: explained, but not said any more`);
console.log(`${errors.length} errors, ${unexplained.length} unexplained warnings, ${warnings.length - unexplained.length} explained ones`);
process.exitCode = errors.length || unexplained.length || left.some((one) => one.times > 0) ? 1 : 0;
