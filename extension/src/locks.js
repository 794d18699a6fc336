/**
 * One at a time, across every window and worker of the extension: the Web Locks API, or a queue of promises where
 * there is none (outside a browser).
 */

/** @type {Map<string, Promise<unknown>>} */
const queues = new Map();

/**
 * Run `work` while nobody else holds the lock of this name; its answer or error is passed on.
 * @template T
 * @param {string} name
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function alone(name, work) {
  if (globalThis.navigator?.locks) return navigator.locks.request(name, work);
  const before = queues.get(name) ?? Promise.resolve();
  const mine = before.then(work, work);
  queues.set(
    name,
    mine.catch(() => undefined),
  );
  return mine;
}
