/**
 * Why a request is not done, in words for the person who asked. Services and permissions throw it; lib/http turns the
 * code into a status. Anything else that is thrown is a fault of ours and says nothing to the outside.
 */
export type RefusalCode =
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'gone'
  | 'too_large'
  | 'too_many';

export class Refusal extends Error {
  override name = 'Refusal';

  constructor(
    readonly code: RefusalCode,
    message: string,
    readonly details?: unknown,
  ) {
    super(message);
  }
}

export const invalid = (message: string, details?: unknown) => new Refusal('invalid', message, details);
export const unauthenticated = (message = 'Sign in first.') => new Refusal('unauthenticated', message);
export const forbidden = (message = 'You may not do this.') => new Refusal('forbidden', message);
export const notFound = (message = 'This does not exist, or you may not see it.') => new Refusal('not_found', message);
export const conflict = (message: string, details?: unknown) => new Refusal('conflict', message, details);
export const gone = (message: string) => new Refusal('gone', message);
export const tooLarge = (message: string) => new Refusal('too_large', message);
export const tooMany = (message: string) => new Refusal('too_many', message);
