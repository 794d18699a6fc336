/**
 * Sync: push what waits, then pull until there is no more; patient when the server is not there.
 *
 * Every step leaves the disk in a state from which the next run goes on, for the browser may end this worker at any
 * `await`. One run at a time, across all windows.
 */

import { nextBatch, settle } from './batches.js';
import { DeviceForked, ExtensionTooOld, NotSignedIn, Refused, ResyncNeeded, sentence, ServerBusy } from './errors.js';
import { alone } from './locks.js';
import { adopt, keepPage, noteRound, state } from './mirror.js';
import { beginFreshStart, endFreshStart, inFreshStart } from './resync.js';

/** @import { Remote } from "./api.js" */

const STEPS_MINUTES = [1, 2, 5, 15, 60];
const IDLE_MINUTES = 1; // how often a quiet device asks for news
const PAGE = 1000;
const MOST_RESTARTS = 3; // of one run, for a server that asks for one again and again

/** @typedef {{db: IDBDatabase, remote: Remote, now?: () => number, random?: () => number}} Parts */

/**
 * One run of sync.
 * @param {Parts} parts
 * @param {boolean} force also before the waiting time after a failure is over
 * @returns {Promise<number>} minutes until it should run again
 */
export async function sync(parts, force = false) {
  const { db, now = Date.now, random = Math.random } = parts;
  return alone('scholium-sync', async () => {
    const { failures, not_before } = await state(db);
    if (!force && not_before > now()) return Math.max(1, (not_before - now()) / 60_000);
    try {
      await run(parts, MOST_RESTARTS);
      await noteRound(db, { failures: 0, not_before: 0, trouble: null });
      return IDLE_MINUTES;
    } catch (error) {
      const minutes = pause(error, failures, random());
      const until = now() + minutes * 60_000;
      await noteRound(db, { failures: failures + 1, not_before: until, trouble: sentence(error) });
      return minutes;
    }
  });
}

/**
 * How long to wait after a failure: 1, 2, 5, 15, then 60 minutes, give or take a fifth so that devices spread out; at
 * least what the server asked for.
 * @param {unknown} error
 * @param {number} failures how many came before this one
 * @param {number} chance from 0 to 1
 * @returns {number} minutes
 */
export function pause(error, failures, chance) {
  // Waiting does not help against these, but the user's next click or the next start may.
  const lasting = error instanceof NotSignedIn || error instanceof ExtensionTooOld || error instanceof Refused;
  const step = lasting ? STEPS_MINUTES.length - 1 : Math.min(failures, STEPS_MINUTES.length - 1);
  const minutes = STEPS_MINUTES[step] * (0.8 + 0.4 * chance);
  const wished = error instanceof ServerBusy && error.after !== null ? error.after / 60 : 0;
  return Math.max(minutes, wished);
}

/** @param {Parts} parts @param {number} restarts how many are left @returns {Promise<void>} */
async function run(parts, restarts) {
  const { db, remote } = parts;
  try {
    if (!(await inFreshStart(db))) await push(parts);
    await pull(parts);
    if (!(await inFreshStart(db))) return;
    await endFreshStart(db, (parts.now ?? Date.now)());
  } catch (error) {
    if (restarts <= 0) throw error;
    if (error instanceof DeviceForked) await takeNewDevice(db, error.deviceId);
    else if (error instanceof ResyncNeeded) await beginFreshStart(db, remote, error.reason);
    else throw error;
  }
  await run(parts, restarts - 1);
}

/** @param {Parts} parts */
async function push({ db, remote, now = Date.now }) {
  for (;;) {
    const batch = await nextBatch(db, now());
    if (!batch) return;
    await settle(db, batch, await remote.push(batch.wish), now());
  }
}

/** @param {Parts} parts */
async function pull({ db, remote, now = Date.now }) {
  for (let more = true; more;) {
    const { cursor } = await state(db);
    const page = await remote.pull(cursor, PAGE);
    await keepPage(db, page, now());
    more = page.more;
  }
}

/** @param {IDBDatabase} db @param {string} device_id */
async function takeNewDevice(db, device_id) {
  const { identity } = await state(db);
  if (identity) await adopt(db, { ...identity, device_id });
}
