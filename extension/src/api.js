/**
 * The only file that fetches: the server's routes as functions, its refusals as named errors.
 *
 * Sends no cookies, follows no redirects, puts no token into an address, and waits 30 seconds at most.
 */

import {
  BadAnswer,
  DeviceForked,
  ExtensionTooOld,
  NetworkFailed,
  NotSignedIn,
  OAuthRefused,
  Refused,
  ResyncNeeded,
  ServerBusy,
} from './errors.js';
import { headersFor } from './extra_headers.js';

/** @import { BucketPage, DeviceAuthorization, DigestAnswer, HeldOp, PullPage, PushAnswer, PushWish } from "./wire.js" */
/** @import { SettleAnswer, SettledAll, TokenAnswer, Trend } from "./wire.js" */

export const CLIENT_ID = 'scholium-extension';
export const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code';

const PATIENCE_MS = 30_000;

/**
 * What sync needs of a server; tests stand in for it.
 * @typedef {{push: (wish: PushWish) => Promise<PushAnswer>,
 *   pull: (cursor: string | null, limit: number, tombstones?: boolean) => Promise<PullPage>,
 *   resync: (commits: [number, string][]) => Promise<{epoch: string, at_version: number, floor?: number}>,
 *   digest: () => Promise<DigestAnswer>, bucket: (n: number, cursor: string | null) => Promise<BucketPage>,
 *   held: (cursor: string | null) => Promise<{items: HeldOp[], cursor: string | null}>,
 *   settle: (id: string, action: "confirm" | "discard") => Promise<SettleAnswer>,
 *   settleAll: (action: "confirm" | "discard") => Promise<SettledAll>}} Remote
 */

/**
 * The sync routes of a server.
 * @param {string} base the server's address
 * @param {(refused: string | null) => Promise<string>} bearer an access token, a new one where `refused` names the old
 * @returns {Remote}
 */
export function remote(base, bearer) {
  return {
    push: (wish) => authorized(base, bearer, '/v1/sync/push', wish),
    pull: (cursor, limit, tombstones) => {
      const query = new URLSearchParams({
        limit: String(limit),
        ...(cursor && { cursor }),
        ...(tombstones && { tombstones: 'true' }),
      });
      return authorized(base, bearer, `/v1/sync/pull?${query}`);
    },
    resync: (commits) => authorized(base, bearer, '/v1/sync/resync', { commits }),
    digest: () => authorized(base, bearer, '/v1/sync/digest', {}),
    bucket: (bucket, cursor) => authorized(base, bearer, '/v1/sync/digest', { bucket, ...(cursor && { cursor }) }),
    held: (cursor) => authorized(base, bearer, `/v1/sync/held${cursor ? `?${new URLSearchParams({ cursor })}` : ''}`),
    settle: (id, action) => authorized(base, bearer, `/v1/sync/held/${encodeURIComponent(id)}`, { action }),
    settleAll: (action) => authorized(base, bearer, '/v1/sync/held', { action }),
  };
}

/**
 * A paper as a reference in a citation style.
 * @param {string} base @param {(refused: string | null) => Promise<string>} bearer
 * @param {string} entryKey @param {string} style its id in the Citation Style Language
 * @returns {Promise<{style: string, text: string, html: string, bibtex: string}>} raises Refused, 404 before the server
 *   has heard of the entry
 */
export async function referenceOf(base, bearer, entryKey, style) {
  const path = `/v1/entries/${encodeURIComponent(entryKey)}/reference`;
  return authorized(base, bearer, `${path}?${new URLSearchParams({ style })}`);
}

/**
 * What trends today.
 * @param {string} base @param {(refused: string | null) => Promise<string>} bearer @param {number} limit
 * @returns {Promise<{items: Trend[]}>}
 */
export async function trendingToday(base, bearer, limit) {
  return authorized(base, bearer, `/v1/trending?window=day&limit=${limit}`);
}

/**
 * Begin pairing (RFC 8628 3.1).
 * @param {string} base
 * @param {string} device_name what the library's list of devices will call this one
 * @returns {Promise<DeviceAuthorization>}
 */
export async function authorizeDevice(base, device_name) {
  return oauth(base, '/oauth/device_authorization', { client_id: CLIENT_ID, device_name });
}

/**
 * Ask for tokens (RFC 6749 6, RFC 8628 3.4); raises OAuthRefused with the server's word.
 * @param {string} base @param {Record<string, string>} form
 * @returns {Promise<TokenAnswer>}
 */
export async function requestToken(base, form) {
  return oauth(base, '/oauth/token', { client_id: CLIENT_ID, ...form });
}

/** Give a refresh token back (RFC 7009). @param {string} base @param {string} token */
export async function revokeToken(base, token) {
  await oauth(base, '/oauth/revoke', { client_id: CLIENT_ID, token });
}

/**
 * Open the stream of pokes; the token is in the header, never in the address.
 * @param {string} base
 * @param {(refused: string | null) => Promise<string>} bearer
 * @param {AbortSignal} signal ends it
 * @returns {Promise<ReadableStream<Uint8Array>>} server-sent events
 */
export async function openStream(base, bearer, signal) {
  const answer = await allowed(bearer, (token) => {
    const headers = { ...request(token).headers, accept: 'text/event-stream' };
    return ask(`${base}/v1/sync/stream`, { headers, signal });
  });
  if (!answer.ok) return refusal(answer);
  if (!answer.body) throw new BadAnswer('empty_stream');
  return answer.body;
}

/**
 * @param {string} base @param {(refused: string | null) => Promise<string>} bearer @param {string} path
 * @param {object} [body]
 * @returns {Promise<any>}
 */
async function authorized(base, bearer, path, body) {
  const answer = await allowed(bearer, (token) => ask(base + path, request(token, body)));
  return answer.ok ? json(answer) : refusal(answer);
}

/**
 * Ask with a token, and once more with a new one if it was not taken.
 * @param {(refused: string | null) => Promise<string>} bearer
 * @param {(token: string) => Promise<Response>} asking
 * @returns {Promise<Response>}
 */
async function allowed(bearer, asking) {
  const token = await bearer(null);
  const answer = await asking(token);
  return answer.status === 401 ? asking(await bearer(token)) : answer;
}

/** @param {string} token @param {object} [body] @returns {RequestInit} */
function request(token, body) {
  const headers = { authorization: `Bearer ${token}`, accept: 'application/json' };
  if (!body) return { headers };
  return { method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

/** @param {string} base @param {string} path @param {Record<string, string>} form @returns {Promise<any>} */
async function oauth(base, path, form) {
  const answer = await ask(base + path, { method: 'POST', body: new URLSearchParams(form) });
  if (answer.status === 429 || answer.status >= 500) return refusal(answer);
  const said = answer.status === 204 ? {} : await json(answer, path === '/oauth/revoke' ? {} : undefined);
  if (answer.ok) return said;
  if (typeof said.error !== 'string') throw new BadAnswer();
  throw new OAuthRefused(said.error_description ?? said.error, said.error);
}

/**
 * Each request has an id of its own, which the server's log keeps, and the headers that a proxy before it wants.
 * @param {string} url @param {RequestInit} init @returns {Promise<Response>}
 */
async function ask(url, init) {
  const how = { credentials: 'omit', cache: 'no-store', redirect: 'error', referrerPolicy: 'no-referrer' };
  const extra = Object.fromEntries(await headersFor(url));
  const headers = { ...extra, ...init.headers, 'x-request-id': crypto.randomUUID() };
  try {
    const signal = init.signal ?? AbortSignal.timeout(PATIENCE_MS);
    return await fetch(url, /** @type {RequestInit} */ ({ ...init, ...how, headers, signal }));
  } catch (error) {
    const late = /** @type {Error} */ (error).name === 'TimeoutError';
    throw new NetworkFailed(late ? 'late' : 'unreachable');
  }
}

/** @param {Response} answer @param {object} [fallback] for an answer without content @returns {Promise<any>} */
async function json(answer, fallback) {
  let text;
  try {
    text = await answer.text();
  } catch {
    throw new NetworkFailed('broken');
  }
  if (!text && fallback) return fallback;
  try {
    return JSON.parse(text);
  } catch {
    throw new BadAnswer();
  }
}

/** Raises the error that an answer means. @param {Response} answer @returns {Promise<never>} */
async function refusal(answer) {
  const { status } = answer;
  if (status === 429 || status >= 500) throw new ServerBusy(seconds(answer));
  if (status === 401) throw new NotSignedIn();
  const problem = await json(answer, {});
  if (status === 409 && problem.code === 'device_forked') throw new DeviceForked(problem.device_id);
  if (status === 410) throw new ResyncNeeded(problem.reason ?? 'epoch');
  if (status === 426) throw new ExtensionTooOld();
  throw new Refused(problem.detail ?? null, problem.code ?? 'refused', status);
}

/** @param {Response} answer @returns {number | null} the seconds of Retry-After (RFC 9110 10.2.3) */
function seconds(answer) {
  const said = answer.headers.get('retry-after');
  if (!said) return null;
  return /^\d+$/.test(said) ? Number(said) : Math.max(0, (Date.parse(said) - Date.now()) / 1000) || null;
}
