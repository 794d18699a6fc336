/**
 * Sync: push what waits, then pull until there is no more; patient when the server is not there.
 *
 * Every step leaves the disk in a state from which the next run goes on, for the browser may end this worker at any
 * `await`. One run at a time, across all windows.
 */

import { nextBatch, settle } from './batches.js';
import { audit, wantAudit } from './digest.js';
import { DeviceForked, ExtensionTooOld, NetworkFailed, NotSignedIn, Refused } from './errors.js';
import { ResyncNeeded, sentence, ServerBusy } from './errors.js';
import { reviewHeld } from './held.js';
import { alone } from './locks.js';
import { adopt, keepPage, noteRound, pulledUpTo, state } from './mirror.js';
import { queue } from './outbox.js';
import { beginFreshStart, endFreshStart, inFreshStart } from './resync.js';

/** @import { Remote } from "./api.js" */

const STEPS_MINUTES = [1, 2, 5, 15, 60];
const IDLE_MINUTES = 1; // how often a quiet device asks for news
const PAGE = 1000;
const MOST_RESTARTS = 3; // of one run, for a server that asks for one again and again

/** @typedef {{db: IDBDatabase, remote: Remote, now?: () => number, random?: () => number}} Parts */
/** @typedef {{pushed: number, pulled: number}} Tally what a round moved, for the history */
/** @typedef {Parts & {now: () => number, tally: Tally}} Round */

/**
 * One run of sync.
 * @param {Parts} parts
 * @param {boolean} force also before the waiting time after a failure is over
 * @param {number} past run only where the mirror is behind this version of the library; -1: always
 * @returns {Promise<number>} minutes until it should run again
 */
export async function sync(parts, force = false, past = -1) {
  const { db, now = Date.now, random = Math.random } = parts;
  return alone('scholium-sync', async () => {
    const began = now();
    const { failures, not_before } = await state(db);
    if (!force && not_before > began) return Math.max(1, (not_before - began) / 60_000);
    if (past >= 0 && !failures && (await pulledUpTo(db)) >= past) return IDLE_MINUTES;
    const tally = { pushed: 0, pulled: 0 };
    const told = () => ({ ...tally, at: now(), took: now() - began });
    try {
      await run({ ...parts, now, tally }, MOST_RESTARTS);
      await noteRound(db, { failures: 0, not_before: 0, trouble: null }, told());
      return IDLE_MINUTES;
    } catch (error) {
      const minutes = pause(error, failures, random());
      const until = now() + minutes * 60_000;
      await noteRound(db, { failures: failures + 1, not_before: until, trouble: sentence(error) }, told());
      if (isOdd(error)) await wantAudit(db);
      return minutes;
    }
  });
}

/** Whether an error is none of those that every day brings: the mirror may have suffered. @param {unknown} error */
function isOdd(error) {
  return ![NetworkFailed, ServerBusy, NotSignedIn, ExtensionTooOld].some((kind) => error instanceof kind);
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

/** @param {Round} round @param {number} restarts how many are left @returns {Promise<void>} */
async function run(round, restarts) {
  const { db, remote } = round;
  try {
    if (!(await once(round))) return;
  } catch (error) {
    if (restarts <= 0) throw error;
    if (error instanceof DeviceForked) await takeNewDevice(db, error.deviceId);
    else if (error instanceof ResyncNeeded) await beginFreshStart(db, remote, error.reason);
    else throw error;
  }
  if (restarts > 0) await run(round, restarts - 1);
}

/** @param {Round} round @returns {Promise<boolean>} whether there is more to push at once */
async function once(round) {
  const { db, remote, now } = round;
  if (!(await inFreshStart(db))) {
    // A server that was restored by hand only shows it here: nothing may be pushed onto a history that is not ours.
    if ((await state(db)).cursor && (await queue(db)).waiting) await pull(round);
    await push(round);
  }
  await pull(round);
  if (await inFreshStart(db)) {
    await endFreshStart(db, now());
    return true;
  }
  if (await reviewHeld(db, remote)) return true;
  await audit(db, remote, now());
  return false;
}

/** @param {Round} round */
async function push({ db, remote, now, tally }) {
  for (;;) {
    const batch = await nextBatch(db, now());
    if (!batch) return;
    await settle(db, batch, await remote.push(batch.wish), now());
    tally.pushed += batch.orders.length;
  }
}

/** @param {Round} round */
async function pull({ db, remote, now, tally }) {
  const anew = await inFreshStart(db); // what it still has may have been deleted
  for (let more = true; more;) {
    const { cursor } = await state(db);
    const page = await remote.pull(cursor, PAGE, anew);
    if (!(await keepPage(db, page, now()))) throw new ResyncNeeded('forgot');
    tally.pulled += page.changes.length;
    more = page.more;
  }
}

/** @param {IDBDatabase} db @param {string} device_id */
async function takeNewDevice(db, device_id) {
  const { identity } = await state(db);
  if (identity) await adopt(db, { ...identity, device_id });
}
