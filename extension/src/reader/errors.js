/**
 * Why a PDF is not shown.
 */

import { ScholiumError } from '../errors.js';

/** The PDF could not be had, or could not be read; its code is the name of its sentence. */
export class PdfFailed extends ScholiumError {
  /** @param {string} told its sentence, `error_…` in `_locales` @param {string[]} parts of the sentence */
  constructor(told, ...parts) {
    super(told, told, ...parts);
  }
}
