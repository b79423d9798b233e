import type { Messages } from 'next-intl';
import type { Message } from '@/trainer/contract/message';

export type BrowserErrorCode = keyof Messages['ui']['failures'];

/**
 * A failure that people read in their own language: its key is looked up when it is shown. `message` is English, for
 * a page that does not have the sentence.
 */
export class MessageError extends Error {
  constructor(
    readonly translatable: Message,
    message = translatable.key,
  ) {
    super(message);
    this.name = 'MessageError';
  }
}

/** A failure in this browser: `ui.failures` has the sentence of each code. */
export class BrowserError extends MessageError {
  constructor(code: BrowserErrorCode, values?: Message['values']) {
    super({ key: `ui.failures.${code}`, ...(values && { values }) });
    this.name = 'BrowserError';
  }
}
