/**
 * What trends today, shown where the page in front is no paper.
 *
 * Asked at most once an hour and kept until the browser ends, so that no request tells which pages are visited. Where the
 * server cannot be asked, or nothing trends, nothing is shown.
 */

import { trendingToday } from '../api.js';
import { store, stored } from '../browser.js';
import { ScholiumError } from '../errors.js';
import { bearer, currentSession } from '../session.js';
import { el } from './draw.js';

/** @import { Trend } from "../wire.js" */

/** @typedef {{title: string, url: string, reason: string}} Line */
/** @typedef {{server: string, at: number, lines: Line[]}} Kept `at` in Unix milliseconds */

const FRESH_MS = 3_600_000;
const MOST = 10;
const BEST = ['abs', 'landing', 'html', 'pdf'];

/** Show what trends, or hide the part. @param {boolean} wanted whether there is nothing better to show */
export async function drawTrending(wanted) {
  const lines = wanted ? await trending(Date.now()) : [];
  el('trending-part').hidden = !lines.length;
  el('trending').replaceChildren(...lines.map(drawLine));
}

/** Draws overlap: one request serves them. @type {Promise<Line[]> | undefined} */
let asking;

/** @param {number} now Unix milliseconds @returns {Promise<Line[]>} */
async function trending(now) {
  const session = await currentSession();
  if (!session?.refresh_token) return [];
  const { server } = session;
  const kept = /** @type {Kept | undefined} */ (await stored('session', 'trending'));
  if (kept && kept.server === server && now - kept.at < FRESH_MS) return kept.lines;
  asking ??= ask(server, now).finally(() => (asking = undefined));
  return asking;
}

/** @param {string} server @param {number} at */
async function ask(server, at) {
  /** @type {Line[]} */
  let lines = [];
  try {
    lines = linesOf((await trendingToday(server, bearer, MOST)).items);
  } catch (error) {
    if (!(error instanceof ScholiumError)) throw error;
  }
  // No lines too: a server that does not know the route, or is away, is not asked at each page either.
  await store('session', 'trending', { server, at, lines });
  return lines;
}

/**
 * The lines to show of what the server said.
 * @param {Trend[]} items
 * @returns {Line[]} those that lead somewhere
 */
export function linesOf(items) {
  return items.flatMap(({ paper, reasons }) => {
    const url = addressOf(paper.manifestations ?? []);
    return url && paper.title ? [{ title: paper.title, url, reason: reasons[0] ?? '' }] : [];
  });
}

/** @param {{kind: string, url: string}[]} forms @returns {string | undefined} */
function addressOf(forms) {
  const web = forms.filter(({ url }) => /^https?:\/\//i.test(url));
  return web.sort((a, b) => BEST.indexOf(a.kind) - BEST.indexOf(b.kind))[0]?.url;
}

/** @param {Line} line */
function drawLine({ title, url, reason }) {
  const item = document.createElement('li');
  const link = item.appendChild(document.createElement('a'));
  Object.assign(link, { href: url, target: '_blank', rel: 'noopener noreferrer', dir: 'auto' });
  link.textContent = title;
  const why = item.appendChild(document.createElement('p'));
  why.className = 'muted';
  why.dir = 'auto';
  why.textContent = reason;
  return item;
}
