/**
 * What keeps the server from working though nobody made a mistake: a disk that is full or may not be written, a database
 * that does not answer. People are told so in a sentence, and to try again.
 */
import { type Refusal, type RefusalKey, unavailable } from '@/lib/auth/refusal';

/** Codes of the operating system and of PostgreSQL. */
const keys: readonly [RefusalKey, RegExp][] = [
  ['serverDiskFull', /^(?:ENOSPC|EDQUOT|53100)$/],
  ['serverDiskReadOnly', /^(?:EROFS|EACCES|EPERM|25006)$/],
  [
    'databaseAway',
    /^(?:ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EPIPE|EHOSTUNREACH|57P0\d|53300|08\w{3})$/,
  ],
];

/** An error and what it was caused by, those of several attempts too. */
export function* causesOf(error: unknown): Generator<Error & { code?: unknown }> {
  for (let at = error; at instanceof Error; at = at.cause) {
    yield at;
    if (at instanceof AggregateError) for (const one of at.errors) yield* causesOf(one);
  }
}

export function outageOf(error: unknown): Refusal | null {
  for (const { code, message } of causesOf(error)) {
    const known = keys.find(([, pattern]) => typeof code === 'string' && pattern.test(code));
    if (known) return unavailable(known[0]);
    // pg has no code for a connection that ended under a query.
    if (/^Connection terminated|timeout exceeded when trying to connect/.test(message))
      return unavailable('databaseAway');
  }
  return null;
}

/** PostgreSQL's class 22: a value that its column cannot hold, such as a number or a date that is too large. */
export function isOutOfRange(error: unknown): boolean {
  for (const { code } of causesOf(error)) if (typeof code === 'string' && /^22\w{3}$/.test(code)) return true;
  return false;
}
