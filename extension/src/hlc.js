/**
 * The hybrid logical clock: 12 hex digits of Unix milliseconds, 4 of counter, and later the device's id.
 *
 * It only breaks ties between edits that did not know of each other. It never runs backwards on one device, even when
 * the machine's clock does. Refuses to read any clock: the present is always given.
 */

/**
 * The stamp after `last` at the moment `now`, without the device.
 * @param {string | null} last the latest stamp of this device
 * @param {number} now Unix milliseconds, by the server's clock as far as it is known
 * @returns {string}
 */
export function nextStamp(last, now) {
  const [ms, counter] = last ? last.split('-').map((part) => Number.parseInt(part, 16)) : [0, 0];
  if (now > ms) return written(now, 0);
  return counter < 0xffff ? written(ms, counter + 1) : written(ms + 1, 0);
}

/**
 * The whole clock value of an op.
 * @param {string} stamp
 * @param {string} device
 * @returns {string}
 */
export function hlc(stamp, device) {
  return `${stamp}-${device}`;
}

/** @param {number} ms @param {number} counter */
function written(ms, counter) {
  return `${ms.toString(16).padStart(12, '0')}-${counter.toString(16).padStart(4, '0')}`;
}
