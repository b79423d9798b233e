/**
 * Recognises outages: a disk that is full or read-only, a database that does not answer. People get a message that says
 * so and to try again.
 */
import { type Refusal, type RefusalKey, unavailable } from '@/lib/auth/refusal';

/** Error codes of the operating system and of PostgreSQL, by message key. */
const keys: readonly [RefusalKey, RegExp][] = [
  ['serverDiskFull', /^(?:ENOSPC|EDQUOT|53100)$/],
  ['serverDiskReadOnly', /^(?:EROFS|EACCES|EPERM|25006)$/],
  [
    'databaseAway',
    /^(?:ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EPIPE|EHOSTUNREACH|57P0\d|53300|08\w{3})$/,
  ],
];

/** An error and its chain of causes, including those inside an AggregateError. */
export function* causesOf(error: unknown): Generator<Error & { code?: unknown }> {
  for (let current = error; current instanceof Error; current = current.cause) {
    yield current;
    if (current instanceof AggregateError) for (const one of current.errors) yield* causesOf(one);
  }
}

export function outageRefusal(error: unknown): Refusal | null {
  for (const { code, message } of causesOf(error)) {
    const known = keys.find(([, pattern]) => typeof code === 'string' && pattern.test(code));
    if (known) return unavailable(known[0]);
    // pg reports a connection that ends during a query without a code.
    if (/^Connection terminated|timeout exceeded when trying to connect/.test(message))
      return unavailable('databaseAway');
  }
  return null;
}

/** PostgreSQL's error class 22: a value that its column cannot store, such as a number or a date that is too large. */
export function isOutOfRange(error: unknown): boolean {
  for (const { code } of causesOf(error)) if (typeof code === 'string' && /^22\w{3}$/.test(code)) return true;
  return false;
}
