/**
 * Ids made on the device: UUIDv7 (RFC 9562 5.7), so that keys sort by the time they were made.
 *
 * Within one millisecond a counter in `rand_a` keeps the order (RFC 9562 6.2, method 1).
 */

let lastMs = 0;
let counter = 0;

/**
 * A new UUIDv7, later in order than the one before.
 * @param {number} now Unix milliseconds
 * @returns {string} lower-case hex with dashes
 */
export function newId(now = Date.now()) {
  counter = now > lastMs ? 0 : counter + 1;
  lastMs = Math.max(now, lastMs);
  if (counter > 0xfff) {
    lastMs += 1;
    counter = 0;
  }
  const random = crypto.getRandomValues(new Uint8Array(8));
  random[0] = (random[0] & 0x3f) | 0x80;
  const tail = [...random].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  const head = lastMs.toString(16).padStart(12, '0');
  const middle = counter.toString(16).padStart(3, '0');
  return `${head.slice(0, 8)}-${head.slice(8)}-7${middle}-${tail.slice(0, 4)}-${tail.slice(4)}`;
}
