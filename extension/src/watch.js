/**
 * When the stream of pokes is open: while a window of the extension is, and for a moment after a page of a granted site
 * was shown. Otherwise the alarm is enough, and the background may sleep.
 */

import { openStream } from './api.js';
import { onWindows } from './browser.js';
import { bearer, currentSession } from './session.js';
import { Stream } from './stream.js';

const GLANCE_MS = 25_000; // less than a browser leaves an idle background

/**
 * Begin to watch; call it once, before anything is awaited.
 * @param {(version: number) => void} poke told the version that the library is said to have
 * @returns {() => void} call it when a page of a granted site was shown
 */
export function watch(poke) {
  const stream = new Stream({ open, poke });
  let windows = 0;
  let until = 0;
  const consider = () => {
    if (windows > 0 || Date.now() < until) void stream.start();
    else stream.stop();
  };
  onWindows((count) => {
    windows = count;
    consider();
  });
  return () => {
    until = Date.now() + GLANCE_MS;
    setTimeout(consider, GLANCE_MS + 1);
    consider();
  };
}

/** @param {AbortSignal} signal */
async function open(signal) {
  const session = await currentSession();
  return openStream(session?.server ?? '', bearer, signal);
}
