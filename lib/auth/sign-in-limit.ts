/**
 * Throttles password guessing: failed attempts are counted by account and by address, and each one beyond the free ones
 * doubles the wait before the next. An attempt is counted as a failure before its password is checked, and the failure
 * is removed when the password was right, so that concurrent attempts are counted too.
 *
 * A browser in which somebody has signed in carries a device cookie for that account. Its attempts are counted by that
 * cookie alone, so that a stranger's failures, from the same address or for the same account, never lock people out of
 * their own browser.
 */
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Database } from '@/lib/db/client';
import { decrementFailures, deleteAttempts, deleteAttemptsBefore, recordAttempt } from '@/lib/db/sign-in-attempts';
import { addressGroup } from './client-address';

export interface Attempts {
  failures: number;
  lastAt: Date;
}

export interface Limit {
  /** This many failures cause no wait. */
  free: number;
  maxWaitMs: number;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;

export const limits = {
  account: { free: 5, maxWaitMs: 15 * MINUTE },
  device: { free: 5, maxWaitMs: 15 * MINUTE },
  /** A class or an office shares one address, and everybody mistypes now and then. */
  address: { free: 60, maxWaitMs: MINUTE },
} as const satisfies Record<string, Limit>;

/** Failures are forgotten after this long without an attempt. */
export const FAILURES_EXPIRE_AFTER_MS = 60 * MINUTE;

/**
 * The attempts that count now. If the clock was set back since they were stored, nobody has to wait until it catches
 * up.
 */
export function effectiveAttempts(stored: Attempts | null, now: Date): Attempts {
  if (!stored || now.getTime() - stored.lastAt.getTime() > FAILURES_EXPIRE_AFTER_MS)
    return { failures: 0, lastAt: now };
  return stored.lastAt > now ? { ...stored, lastAt: now } : stored;
}

/** The wait until the next attempt is accepted, in milliseconds; 0 when there is none. */
export function waitMs({ failures, lastAt }: Attempts, { free, maxWaitMs }: Limit, now: Date): number {
  if (failures < free) return 0;
  const wait = Math.min(maxWaitMs, SECOND * 2 ** Math.min(30, failures - free));
  return Math.max(0, lastAt.getTime() + wait - now.getTime());
}

export interface Attempt {
  keys: readonly { key: string; limit: Limit }[];
}

/** @param device the value of the device cookie, if there is one */
export function createAttempt(email: string, address: string, device: string | undefined, secret: string): Attempt {
  const nonce = device === undefined ? null : verifiedNonce(device, email, secret);
  if (nonce) return { keys: [{ key: attemptKey('device', nonce), limit: limits.device }] };
  return {
    keys: [
      { key: attemptKey('account', email.toLowerCase()), limit: limits.account },
      { key: attemptKey('address', addressGroup(address)), limit: limits.address },
    ],
  };
}

/**
 * Counts an attempt whose password is about to be checked. @returns the wait in milliseconds; above 0 it was not
 * counted
 */
export async function beginAttempt(db: Database, { keys }: Attempt, now = new Date()): Promise<number> {
  return recordAttempt(
    db,
    keys.map(({ key }) => key),
    now,
    (stored) => {
      const current = stored.map((attempts) => effectiveAttempts(attempts, now));
      return {
        current,
        wait: Math.max(...current.map((attempts, index) => waitMs(attempts, keys[index]!.limit, now))),
      };
    },
  );
}

/** The password was right: the account's failures are cleared, and the address has one failure less. */
export async function recordSuccess(
  db: Database,
  { keys: [own, ...others] }: Attempt,
  now = new Date(),
): Promise<void> {
  if (own) await deleteAttempts(db, own.key);
  for (const { key } of others) await decrementFailures(db, key);
  await deleteAttemptsBefore(db, new Date(now.getTime() - FAILURES_EXPIRE_AFTER_MS));
}

/** The password was not checked after all. */
export async function withdrawAttempt(db: Database, { keys }: Attempt): Promise<void> {
  for (const { key } of keys) await decrementFailures(db, key);
}

/** A new device cookie's value, for a browser in which this account has just signed in. */
export function deviceCookie(email: string, secret: string): string {
  const nonce = randomBytes(16).toString('base64url');
  return `${nonce}.${signatureOf(nonce, email, secret)}`;
}

function verifiedNonce(cookie: string, email: string, secret: string): string | null {
  const [nonce = '', signature = ''] = cookie.split('.');
  const actual = Buffer.from(signature);
  const expected = Buffer.from(signatureOf(nonce, email, secret));
  return actual.length === expected.length && timingSafeEqual(actual, expected) ? nonce : null;
}

function signatureOf(nonce: string, email: string, secret: string): string {
  return createHmac('sha256', secret).update(`device ${nonce} ${email.toLowerCase()}`).digest('base64url');
}

/** Hashed, so that keys have one length and do not contain what people typed, which may be a password by mistake. */
function attemptKey(kind: keyof typeof limits, name: string): string {
  return `${kind}:${createHash('sha256').update(name).digest('base64url')}`;
}
