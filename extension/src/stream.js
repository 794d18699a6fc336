/**
 * The stream of pokes: the server says that the library moved, sync finds out how.
 *
 * Open only while somebody may be looking, and never what keeps the background alive: a browser that ends it ends the
 * stream too, and the alarm goes on as if there had never been one. Refuses to believe more of a poke than a version.
 */

import { NetworkFailed, NotSignedIn, Refused, ScholiumError, ServerBusy } from './errors.js';

const SILENCE_MS = 45_000; // the server says something every 15 seconds
const LEAST_MS = 3000;
const MOST_MS = 60_000;
const REST_MS = 600_000; // from a server that has no stream

/**
 * What a stream needs; tests stand in for it. `open` answers with server-sent events, `poke` is told versions.
 * @typedef {{open: (signal: AbortSignal) => Promise<ReadableStream<Uint8Array>>, poke: (version: number) => void,
 *   random?: () => number, wait?: (ms: number, signal: AbortSignal) => Promise<void>, silence?: number}} Wires
 */

/** One stream at most, open or between two attempts. */
export class Stream {
  /** @param {Wires} wires */
  constructor(wires) {
    this.wires = { random: Math.random, wait: pass, silence: SILENCE_MS, ...wires };
    /** @type {AbortController | null} */
    this.running = null;
    this.rests = 0;
  }

  /** Have the stream open; does nothing where it is. Returns once it was stopped or cannot work. */
  async start() {
    if (this.running || Date.now() < this.rests) return;
    const running = new AbortController();
    this.running = running;
    try {
      await this.#comeBack(running.signal);
    } finally {
      if (this.running === running) this.running = null;
    }
  }

  /** Close the stream. */
  stop() {
    this.running?.abort();
    this.running = null;
  }

  /** @param {AbortSignal} signal */
  async #comeBack(signal) {
    for (let failures = 0; !signal.aborted; failures += 1) {
      let asked = 0;
      try {
        await this.#follow(signal, () => (failures = 0));
      } catch (error) {
        if (signal.aborted || error instanceof NotSignedIn) return;
        if (error instanceof Refused) return void (this.rests = Date.now() + REST_MS);
        if (!(error instanceof ScholiumError)) throw error;
        asked = error instanceof ServerBusy ? (error.after ?? 0) * 1000 : 0;
      }
      await this.wires.wait(Math.max(asked, backoff(failures, this.wires.random())), signal);
    }
  }

  /** One stream to its end. @param {AbortSignal} signal @param {() => void} ready */
  async #follow(signal, ready) {
    const quiet = new AbortController();
    let watchdog = setTimeout(() => quiet.abort(), this.wires.silence);
    try {
      const body = await this.wires.open(AbortSignal.any([signal, quiet.signal]));
      for await (const version of versionsIn(body, () => {
        clearTimeout(watchdog);
        watchdog = setTimeout(() => quiet.abort(), this.wires.silence);
      })) {
        ready();
        this.wires.poke(version);
      }
    } finally {
      clearTimeout(watchdog);
    }
  }
}

/**
 * How long to wait before the next attempt: from three seconds, doubled each time, to a minute; spread out by half.
 * @param {number} failures how many came before
 * @param {number} chance from 0 to 1
 * @returns {number} milliseconds
 */
export function backoff(failures, chance) {
  return Math.min(MOST_MS, LEAST_MS * 2 ** failures) * (0.5 + 0.5 * chance);
}

/**
 * The versions that a stream of server-sent events tells (WHATWG HTML 9.2.6, as far as the protocol needs it).
 * @param {ReadableStream<Uint8Array>} body
 * @param {() => void} heard called for whatever arrives, comments too
 */
export async function* versionsIn(body, heard = () => undefined) {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  try {
    for (;;) {
      const { done, value } = await reader.read().catch(() => {
        throw new NetworkFailed('broken');
      });
      if (done) return;
      heard();
      text += decoder.decode(value, { stream: true });
      const events = text.split('\n\n');
      text = String(events.pop());
      for (const version of events.map(versionOf)) if (version !== null) yield version;
    }
  } finally {
    reader.cancel().catch(() => undefined);
  }
}

/** @param {string} event @returns {number | null} */
function versionOf(event) {
  const line = event.split('\n').find((one) => one.startsWith('data:'));
  try {
    const version = line && JSON.parse(line.slice('data:'.length))?.version;
    return Number.isSafeInteger(version) ? version : null;
  } catch {
    return null;
  }
}

/** @param {number} ms @param {AbortSignal} signal @returns {Promise<void>} after the time, or when the signal fires */
function pass(ms, signal) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
