import { inEnglish } from './contract/english';
import { type Message, message } from './contract/message';

/** An error with a translatable message; its `message` is the English text. */
export class TrainerError extends Error {
  constructor(
    readonly translatable: Message,
    options?: ErrorOptions,
  ) {
    super(inEnglish(translatable), options);
  }
}

/** The message of an error of any kind. Texts of other programs stay as they are. */
export function messageOfError(error: unknown): Message {
  if (error instanceof TrainerError) return error.translatable;
  const detail = error instanceof Error ? error.message : String(error);
  if (error instanceof RangeError && /allocat|memory/i.test(detail)) return message('allocationFailed', { detail });
  if (error instanceof Error && error.name === 'QuotaExceededError') return message('storageFull', { detail });
  return message('internal', { detail });
}
