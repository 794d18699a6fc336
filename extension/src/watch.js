/**
 * When the stream of pokes is open: while a window of the extension is. Otherwise the alarm is enough, and the background
 * may sleep. Refuses to open it because a page was visited: no server shall learn from requests when somebody reads.
 */

import { openStream } from './api.js';
import { onWindows } from './browser.js';
import { bearer, currentSession } from './session.js';
import { Stream } from './stream.js';

/**
 * Begin to watch; call it once, before anything is awaited.
 * @param {(version: number) => void} poke told the version that the library is said to have
 */
export function watch(poke) {
  const stream = new Stream({ open, poke });
  onWindows((count) => {
    if (count > 0) void stream.start();
    else stream.stop();
  });
}

/** @param {AbortSignal} signal */
async function open(signal) {
  const session = await currentSession();
  return openStream(session?.server ?? '', bearer, signal);
}
