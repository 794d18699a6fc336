/**
 * Every error that the extension raises on purpose, each with a stable `code` and a sentence for people.
 *
 * Refuses errors without a name: what is thrown bare is a fault of ours and is shown as such.
 */

/** Base of all named errors. */
export class ScholiumError extends Error {
  /** @param {string} message @param {string} code */
  constructor(message, code) {
    super(message);
    this.name = new.target.name;
    this.code = code;
  }
}

/** The server could not be reached, or did not answer in time. Whether it did the work is unknown. */
export class NetworkFailed extends ScholiumError {
  /** @param {string} message */
  constructor(message) {
    super(message, 'network');
  }
}

/** The server asks for patience (429, 503) or failed (5xx); `after` is in seconds, null where it named none. */
export class ServerBusy extends ScholiumError {
  /** @param {string} message @param {number | null} after */
  constructor(message, after) {
    super(message, 'busy');
    this.after = after;
  }
}

/** Nobody is signed in, or the session was revoked: the queue waits until the device is connected again. */
export class NotSignedIn extends ScholiumError {
  constructor(message = 'This device is not connected to a library.') {
    super(message, 'not_signed_in');
  }
}

/** The sequence was used by a copy of this browser profile; `deviceId` is the one to go on with. */
export class DeviceForked extends ScholiumError {
  /** @param {string} deviceId */
  constructor(deviceId) {
    super('This browser profile was copied; the copy goes on as a device of its own.', 'device_forked');
    this.deviceId = deviceId;
  }
}

/** The server's history is not the one that was mirrored (410); `reason` is floor, epoch, ahead or schema. */
export class ResyncNeeded extends ScholiumError {
  /** @param {string} reason */
  constructor(reason) {
    super(`The server asks for a fresh start (${reason}).`, 'resync');
    this.reason = reason;
  }
}

/** The server speaks a newer protocol than this extension (426). */
export class ExtensionTooOld extends ScholiumError {
  constructor() {
    super('The server needs a newer version of this extension.', 'schema_unsupported');
  }
}

/** The server refused a request for good; `code` is its own word for why. */
export class Refused extends ScholiumError {
  /** @param {string} message @param {string} code @param {number} status */
  constructor(message, code, status) {
    super(message, code);
    this.status = status;
  }
}

/** An OAuth endpoint said no, in the words of RFC 6749 and 8628 (`authorization_pending`, `invalid_grant`, …). */
export class OAuthRefused extends ScholiumError {}

/** What answered is no Scholium server, or not one that this extension understands. */
export class BadAnswer extends ScholiumError {
  /** @param {string} message */
  constructor(message) {
    super(message, 'bad_answer');
  }
}

/** An address that may not be a server's: anything but https, or http on this machine. */
export class BadServer extends ScholiumError {
  /** @param {string} message */
  constructor(message) {
    super(message, 'bad_server');
  }
}

/** A page of the browser itself, or one that cannot be read: there is nothing to save. */
export class PageClosed extends ScholiumError {
  constructor(message = 'This page cannot be saved.') {
    super(message, 'page_closed');
  }
}

/** Nothing on the page is selected. */
export class NothingSelected extends ScholiumError {
  constructor(message = 'Select some text first.') {
    super(message, 'nothing_selected');
  }
}

/**
 * The sentence to show for any error.
 * @param {unknown} error
 * @returns {string}
 */
export function sentence(error) {
  if (error instanceof ScholiumError) return error.message;
  return `Something went wrong: ${error instanceof Error ? error.message : String(error)}`;
}
