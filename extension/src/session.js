/**
 * The device's session: pairing by a short code (RFC 8628), and tokens that are always fresh.
 *
 * The refresh token stays in `storage.local`, shut to page scripts; the access token in `storage.session`. Refreshing is
 * one at a time across all windows, for a refresh token is good once. Refuses to hold a password, ever.
 */

import { authorizeDevice, DEVICE_GRANT, requestToken, revokeToken } from './api.js';
import { browserName, mayReachServer, store, stored, unstore } from './browser.js';
import { BadAnswer, NotSignedIn, OAuthRefused, ScholiumError } from './errors.js';
import { alone } from './locks.js';
import { hostPattern } from './server.js';

/** @import { TokenAnswer } from "./wire.js" */

/** @typedef {{server: string, refresh_token: string | null, device_id: string, library_id: string}} Session */
/** @typedef {{server: string, device_code: string, user_code: string, link: string, shown: string, expires_at: number,
 *   interval: number, next_at: number}} Pairing `interval` in seconds, times in Unix milliseconds */

const EARLY_MS = 30_000; // a token is renewed this long before it ends

/** @returns {Promise<Session | null>} null where this device was never connected */
export async function currentSession() {
  return (await stored('local', 'session')) ?? null;
}

/** @returns {Promise<Pairing | null>} the pairing under way */
export async function currentPairing() {
  return (await stored('session', 'pairing')) ?? null;
}

/**
 * Begin to connect with a server: the user will type the code there, or follow the link.
 * @param {string} server a base address from `serverBase`
 * @param {number} now
 * @returns {Promise<Pairing>}
 */
export async function beginPairing(server, now = Date.now()) {
  const said = await authorizeDevice(server, browserName());
  const link = said.verification_uri_complete ?? said.verification_uri;
  if (!said.device_code || !said.user_code || !/^https?:\/\//.test(link)) {
    throw new BadAnswer();
  }
  const interval = said.interval ?? 5; // RFC 8628 3.2
  const pairing = {
    server,
    device_code: said.device_code,
    user_code: said.user_code,
    link,
    shown: said.verification_uri,
    expires_at: now + said.expires_in * 1000,
    interval,
    next_at: now + interval * 1000,
  };
  await store('session', 'pairing', pairing);
  return pairing;
}

/**
 * Ask once whether the code was approved; asks nobody before it is time.
 * @param {number} now
 * @returns {Promise<Session | null>} the session once there is one, null while it is pending; raises OAuthRefused
 *   (`access_denied`, `expired_token`), after which the pairing is over
 */
export async function pollPairing(now = Date.now()) {
  return alone('scholium-pairing', async () => {
    const pairing = await currentPairing();
    if (!pairing || now < pairing.next_at) return null;
    try {
      const form = { grant_type: DEVICE_GRANT, device_code: pairing.device_code };
      const session = await keepTokens(pairing.server, await requestToken(pairing.server, form), null);
      await unstore('session', 'pairing');
      return session;
    } catch (error) {
      return notYet(pairing, error, now);
    }
  });
}

/** @param {Pairing} pairing @param {unknown} error @param {number} now @returns {Promise<null>} */
async function notYet(pairing, error, now) {
  const code = error instanceof OAuthRefused ? error.code : '';
  if (error instanceof OAuthRefused && code !== 'authorization_pending' && code !== 'slow_down') {
    await unstore('session', 'pairing');
    throw error;
  }
  // RFC 8628 3.5: slow_down adds five seconds for good; what failed on the way just comes again.
  const interval = pairing.interval + (code === 'slow_down' ? 5 : 0);
  await store('session', 'pairing', { ...pairing, interval, next_at: now + interval * 1000 });
  if (error instanceof ScholiumError) return null;
  throw error;
}

/** Stop waiting for an approval. */
export async function cancelPairing() {
  await unstore('session', 'pairing');
}

/**
 * An access token that the server should take.
 * @param {string | null} refused the token that the server just did not take
 * @param {number} now
 * @returns {Promise<string>} raises NotSignedIn
 */
export async function bearer(refused, now = Date.now()) {
  return alone('scholium-refresh', async () => {
    const session = await currentSession();
    if (!session?.refresh_token) throw new NotSignedIn();
    if (!(await mayReachServer(hostPattern(session.server)))) {
      throw new NotSignedIn('no_permission');
    }
    const held = await stored('session', 'access');
    if (held && held.token !== refused && held.expires_at - EARLY_MS > now) return held.token;
    await renew(session);
    return (await stored('session', 'access')).token;
  });
}

/** @param {Session} session */
async function renew(session) {
  const { server, refresh_token } = session;
  try {
    const form = { grant_type: 'refresh_token', refresh_token: String(refresh_token) };
    await keepTokens(server, await requestToken(server, form), session);
  } catch (error) {
    if (!(error instanceof OAuthRefused)) throw error;
    await signedOut(session);
    throw new NotSignedIn('signed_out');
  }
}

/** @param {string} server @param {TokenAnswer} said @param {Session | null} before @returns {Promise<Session>} */
async function keepTokens(server, said, before) {
  const device_id = said.device_id ?? before?.device_id;
  const library_id = said.library_id ?? before?.library_id;
  if (!said.access_token || !device_id || !library_id) throw new BadAnswer('no_token');
  const session = { server, refresh_token: said.refresh_token ?? before?.refresh_token, device_id, library_id };
  // First the refresh token: the old one is used up, and only the disk outlives this worker.
  await store('local', 'session', session);
  const access = { token: said.access_token, expires_at: Date.now() + said.expires_in * 1000 };
  await store('session', 'access', access);
  return session;
}

/** Sign this device out; the queue and the mirror stay. The server hears of it if it can be reached. */
export async function disconnect() {
  const session = await currentSession();
  if (!session) return;
  await signedOut(session);
  if (!session.refresh_token) return;
  try {
    await revokeToken(session.server, session.refresh_token);
  } catch (error) {
    if (!(error instanceof ScholiumError)) throw error;
  }
}

/** @param {Session} session */
async function signedOut(session) {
  await store('local', 'session', { ...session, refresh_token: null });
  await unstore('session', 'access');
}
