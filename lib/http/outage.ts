/**
 * Recognises outages: a disk that is full or read-only, a database that does not answer. People get a message that says
 * so and to try again.
 */
import { type Refusal, type RefusalKey, unavailable } from '@/lib/auth/refusal';
import { causesOf, saysAway } from '@/lib/db/error-causes';

/** Error codes of the operating system and of PostgreSQL for disks, by message key. */
const keys: readonly [RefusalKey, RegExp][] = [
  ['serverDiskFull', /^(?:ENOSPC|EDQUOT|53100)$/],
  ['serverDiskReadOnly', /^(?:EROFS|EACCES|EPERM|25006)$/],
];

export function outageRefusal(error: unknown): Refusal | null {
  for (const cause of causesOf(error)) {
    const { code } = cause;
    const known = keys.find(([, pattern]) => typeof code === 'string' && pattern.test(code));
    if (known) return unavailable(known[0]);
    if (saysAway(cause)) return unavailable('databaseAway');
  }
  return null;
}

/** PostgreSQL's error class 22: a value that its column cannot store, such as a number or a date that is too large. */
export function isOutOfRange(error: unknown): boolean {
  for (const { code } of causesOf(error)) if (typeof code === 'string' && /^22\w{3}$/.test(code)) return true;
  return false;
}
