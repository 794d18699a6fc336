/**
 * What was typed into a window of the extension that is just ending: told to the background, which keeps it.
 *
 * A closing window waits for no database, and Firefox takes its messages no more; a channel still carries them. The
 * window's port has kept the background awake. Only the extension's own contexts can hear or send on it.
 */

/** @import { Wish } from "./wire.js" */

const CHANNEL = 'scholium-last-words';

/** @param {Wish} wish what to put into the outbox */
export function leave(wish) {
  new BroadcastChannel(CHANNEL).postMessage(wish);
}

/** @param {(wish: Wish) => void} react */
export function onLeft(react) {
  new BroadcastChannel(CHANNEL).onmessage = ({ data }) => react(data);
}
