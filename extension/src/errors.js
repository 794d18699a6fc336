/**
 * Every error that the extension raises on purpose, each with a stable `code` and a sentence of `_locales` for people.
 *
 * Refuses errors without a name: what is thrown bare is a fault of ours and is shown as such.
 */

import { word } from './browser_ui.js';

/** Base of all named errors. */
export class ScholiumError extends Error {
  /** @param {string} told its sentence, `error_…` in `_locales` @param {string} code @param {string[]} parts of the sentence */
  constructor(told, code, ...parts) {
    super(told);
    this.name = new.target.name;
    this.code = code;
    this.parts = parts;
  }

  /** @returns {string} the sentence for people */
  get text() {
    return word(`error_${this.message}`, ...this.parts);
  }
}

/** The server could not be reached, or did not answer in time. Whether it did the work is unknown. */
export class NetworkFailed extends ScholiumError {
  /** @param {string} told */
  constructor(told = 'unreachable') {
    super(told, 'network');
  }
}

/** The server asks for patience (429, 503) or failed (5xx); `after` is in seconds, null where it named none. */
export class ServerBusy extends ScholiumError {
  /** @param {number | null} after */
  constructor(after) {
    super('busy', 'busy');
    this.after = after;
  }
}

/** Nobody is signed in, or the session was revoked: the queue waits until the device is connected again. */
export class NotSignedIn extends ScholiumError {
  /** @param {string} told */
  constructor(told = 'unconnected') {
    super(told, 'not_signed_in');
  }
}

/** The sequence was used by a copy of this browser profile; `deviceId` is the one to go on with. */
export class DeviceForked extends ScholiumError {
  /** @param {string} deviceId */
  constructor(deviceId) {
    super('forked', 'device_forked');
    this.deviceId = deviceId;
  }
}

/** The server's history is not the one that was mirrored (410); `reason` is floor, epoch, ahead, schema, or forgot. */
export class ResyncNeeded extends ScholiumError {
  /** @param {string} reason */
  constructor(reason) {
    super('resync', 'resync', reason);
    this.reason = reason;
  }
}

/** The server speaks a newer protocol than this extension (426). */
export class ExtensionTooOld extends ScholiumError {
  constructor() {
    super('too_old', 'schema_unsupported');
  }
}

/** The server refused a request for good; `code` is its own word for why, `said` its own sentence, if it gave one. */
export class Refused extends ScholiumError {
  /** @param {string | null} said @param {string} code @param {number} status */
  constructor(said, code, status) {
    super('refused', code, String(status));
    this.said = said;
    this.status = status;
  }

  get text() {
    return this.said ?? super.text;
  }
}

/** An OAuth endpoint said no, in the words of RFC 6749 and 8628 (`authorization_pending`, `invalid_grant`, …). */
export class OAuthRefused extends ScholiumError {
  /** @param {string} said @param {string} code */
  constructor(said, code) {
    super('refused', code, code);
    this.said = said;
  }

  get text() {
    return this.said;
  }
}

/** What answered is no Scholium server, or not one that this extension understands. */
export class BadAnswer extends ScholiumError {
  /** @param {string} told */
  constructor(told = 'no_scholium') {
    super(told, 'bad_answer');
  }
}

/** An address that may not be a server's: anything but https, or http on this machine. */
export class BadServer extends ScholiumError {
  /** @param {string} told */
  constructor(told) {
    super(told, 'bad_server');
  }
}

/** A page of the browser itself, or one that cannot be read: there is nothing to save. */
export class PageClosed extends ScholiumError {
  /** @param {string} told */
  constructor(told = 'page') {
    super(told, 'page_closed');
  }
}

/** A file that does not say which paper it is. */
export class PaperUnknown extends ScholiumError {
  constructor() {
    super('paper', 'paper_unknown');
  }
}

/** Nothing on the page is selected. */
export class NothingSelected extends ScholiumError {
  /** @param {string} told */
  constructor(told = 'selection') {
    super(told, 'nothing_selected');
  }
}

/**
 * The sentence to show for any error.
 * @param {unknown} error
 * @returns {string}
 */
export function sentence(error) {
  if (error instanceof ScholiumError) return error.text;
  return word('error_fault', error instanceof Error ? error.message : String(error));
}
