import { inEnglish } from './contract/english';
import { type Message, message } from './contract/message';

/** A failure that people can read about in their language; as an error's text it is in English. */
export class TrainerError extends Error {
  constructor(
    readonly translatable: Message,
    options?: ErrorOptions,
  ) {
    super(inEnglish(translatable), options);
  }
}

/** What there is to say of an error of any kind. What other programs say stays in their words. */
export function messageOfError(error: unknown): Message {
  if (error instanceof TrainerError) return error.translatable;
  const detail = error instanceof Error ? error.message : String(error);
  if (error instanceof RangeError && /allocat|memory/i.test(detail)) return message('allocationFailed', { detail });
  if (error instanceof Error && error.name === 'QuotaExceededError') return message('storageFull', { detail });
  return message('internal', { detail });
}
