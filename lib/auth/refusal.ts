/**
 * Why a request is refused, as the key of a translatable message with its values. Services and permissions throw it;
 * lib/http turns the code into an HTTP status and translates the message. Any other error is a fault of the program, of
 * which the client learns nothing.
 */
import type { Translate } from '@/lib/i18n/translate';
import type messages from '@/messages/en.json';
import type { Message, MessageValue } from '@/trainer/contract/message';

export type RefusalCode =
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'gone'
  /** It may succeed once somebody has opened again what is closed. */
  | 'locked'
  | 'too_large'
  /** Well formed, and at odds with what was asked before. */
  | 'unprocessable'
  | 'too_many'
  | 'unavailable';

export type RefusalKey = keyof (typeof messages)['refusals'];
type Values = Readonly<Record<string, MessageValue>>;
/** Details for programs; a function where they contain sentences, which need the request's language. */
type Details = object | ((translate: Translate) => object);

export const refusalMessage = (key: RefusalKey, values?: Values): Message => ({
  key: `refusals.${key}`,
  ...(values && { values }),
});

export class Refusal extends Error {
  override name = 'Refusal';

  constructor(
    readonly code: RefusalCode,
    readonly translatable: Message,
    private readonly detailsSource?: Details,
    /** After how many seconds a retry makes sense. */
    readonly retryAfterSeconds?: number,
  ) {
    super(`${translatable.key} ${JSON.stringify(translatable.values ?? {})}`);
  }

  translated(translate: Translate): { key: string; message: string; details?: object } {
    const details = typeof this.detailsSource === 'function' ? this.detailsSource(translate) : this.detailsSource;
    return { key: this.translatable.key, message: translate(this.translatable), ...(details && { details }) };
  }
}

const refusalOf = (code: RefusalCode) => (key: RefusalKey, values?: Values, details?: Details) =>
  new Refusal(code, refusalMessage(key, values), details);

export const invalid = refusalOf('invalid');
export const unauthenticated = (key: RefusalKey = 'signInFirst') => refusalOf('unauthenticated')(key);
export const forbidden = refusalOf('forbidden');
export const notFound = (key: RefusalKey = 'notFound') => refusalOf('not_found')(key);
export const conflict = refusalOf('conflict');
export const gone = refusalOf('gone');
export const locked = refusalOf('locked');
export const tooLarge = refusalOf('too_large');
export const unprocessable = refusalOf('unprocessable');
/** A temporary refusal: the server is busy, or something that it depends on does not answer. */
export const unavailable = (key: RefusalKey, values: Values = {}, retryAfterSeconds = 5) =>
  new Refusal('unavailable', refusalMessage(key, values), undefined, retryAfterSeconds);
