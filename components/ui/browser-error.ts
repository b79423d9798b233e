import type { Messages } from 'next-intl';
import type { Told } from '@/lib/schemas/told';

export type BrowserErrorCode = keyof Messages['ui']['failures'];

/**
 * A failure that people read in their own language: its key is looked up when it is shown. `message` is English, for
 * a page that does not have the sentence.
 */
export class ToldError extends Error {
  constructor(
    readonly told: Told,
    message = told.key,
  ) {
    super(message);
    this.name = 'ToldError';
  }
}

/** A failure in this browser: `ui.failures` has the sentence of each code. */
export class BrowserError extends ToldError {
  constructor(code: BrowserErrorCode, values?: Told['values']) {
    super({ key: `ui.failures.${code}`, ...(values && { values }) });
    this.name = 'BrowserError';
  }
}
