/**
 * Tells a window of the extension all of its modules at once, so that the browser need not find them out one import after
 * another: the popup has some fifty, ten deep. Those that stand before its first moment are preloaded (`modulepreload`);
 * the rest, behind an `import()`, are written down for the script to name when that moment has passed (`data-later`).
 *
 * What runs stays as written; only the head of the page gets these lines.
 */

import { readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';

import { parse } from 'acorn';

const SCRIPT = /^( *)<script type="module" src="([^"]+)"><\/script>$/m;

/**
 * A page with a line for each module that its own imports, directly or not, and the names of those that come later.
 * @param {string} file the page's path
 * @returns {string}
 */
export function preloaded(file) {
  const html = readFileSync(file, 'utf8');
  const [line, indent, src] = SCRIPT.exec(html) ?? [];
  if (!src) return html;
  const folder = dirname(file);
  const named = (/** @type {Iterable<string>} */ paths) => [...paths].map((path) => relative(folder, path).split(sep).join('/')).sort();
  const entry = join(folder, src);
  const first = importedBy(entry, false);
  const later = [...importedBy(entry, true)].filter((path) => !first.has(path));
  const links = named(first).map((href) => `${indent}<link rel="modulepreload" href="${href}">\n`);
  return html.replace(line, `${links.join('')}${line.replace(' src=', ` data-later="${named(later).join(' ')}" src=`)}`);
}

/** @param {string} entry @param {boolean} late with what is asked for by `import()` @returns {Set<string>} all that it needs */
function importedBy(entry, late) {
  const found = new Set([entry]);
  for (const path of found) {
    for (const source of importsOf(readFileSync(path, 'utf8'), late)) {
      const next = join(dirname(path), source);
      if (source.startsWith('.') && !next.includes('pdfjs')) found.add(next);
    }
  }
  found.delete(entry);
  return found;
}

/** @param {string} script @param {boolean} late @returns {string[]} what it imports */
function importsOf(script, late) {
  /** @type {string[]} */
  const found = [];
  JSON.stringify(parse(script, { ecmaVersion: 'latest', sourceType: 'module' }), (_, node) => {
    const counts = node?.type === 'ImportExpression' ? late : /^(Import|Export)/.test(node?.type) && node.source;
    if (counts) found.push(String(node.source.value));
    return node;
  });
  return found;
}
