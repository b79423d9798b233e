import type { Messages } from 'next-intl';
import type { Message } from '@/trainer/contract/message';

export type BrowserErrorCode = keyof Messages['ui']['failures'];

/**
 * A failure that is translated when it is shown, by its key. `message` is in English, for pages without that sentence.
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
