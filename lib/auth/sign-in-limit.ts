/**
 * Slows guessing of passwords: failed attempts are counted by account and by address, and each one past the free ones
 * doubles the wait for the next. An attempt is counted before its password is looked at, and forgiven when that was
 * right, so that many at once are counted as well.
 *
 * A browser in which somebody signed in before carries a device cookie for that account. Its attempts are counted by
 * that cookie alone: a stranger's failures, at the same router or for the same account, keep nobody out of their own
 * browser.
 */
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Database } from '@/lib/db/client';
import { countAttempt, forgetAttempts, forgiveAttempt, sweepAttempts } from '@/lib/db/sign-in-attempts';
import { addressGroup } from './client-address';

export interface Attempts {
  failures: number;
  lastAt: Date;
}

export interface Limit {
  /** So many failures cost no wait. */
  free: number;
  maxWaitMs: number;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;

export const limits = {
  account: { free: 5, maxWaitMs: 15 * MINUTE },
  device: { free: 5, maxWaitMs: 15 * MINUTE },
  /** A class or an office shares one address, and each of its people mistypes now and then. */
  address: { free: 60, maxWaitMs: MINUTE },
} as const satisfies Record<string, Limit>;

/** After so long without an attempt, failures are forgotten. */
export const FORGOTTEN_MS = 60 * MINUTE;

/** What counts of stored attempts now. A clock that was set back since must not make anybody wait for it to catch up. */
export function standing(stored: Attempts | null, now: Date): Attempts {
  if (!stored || now.getTime() - stored.lastAt.getTime() > FORGOTTEN_MS) return { failures: 0, lastAt: now };
  return stored.lastAt > now ? { ...stored, lastAt: now } : stored;
}

/** How long until the next attempt is looked at; 0 for at once. */
export function waitMs({ failures, lastAt }: Attempts, { free, maxWaitMs }: Limit, now: Date): number {
  if (failures < free) return 0;
  const wait = Math.min(maxWaitMs, SECOND * 2 ** Math.min(30, failures - free));
  return Math.max(0, lastAt.getTime() + wait - now.getTime());
}

export interface Attempt {
  keys: readonly { key: string; limit: Limit }[];
}

/** @param device the value of the device cookie, if there is one */
export function attemptOf(email: string, address: string, device: string | undefined, secret: string): Attempt {
  const nonce = device === undefined ? null : nonceOf(device, email, secret);
  if (nonce) return { keys: [{ key: keyOf('device', nonce), limit: limits.device }] };
  return {
    keys: [
      { key: keyOf('account', email.toLowerCase()), limit: limits.account },
      { key: keyOf('address', addressGroup(address)), limit: limits.address },
    ],
  };
}

/** Counts an attempt whose password is about to be looked at. @returns how long to wait instead, 0 for not at all */
export async function beginAttempt(db: Database, { keys }: Attempt, now = new Date()): Promise<number> {
  return countAttempt(
    db,
    keys.map(({ key }) => key),
    now,
    (stored) => {
      const current = stored.map((attempts) => standing(attempts, now));
      return { current, wait: Math.max(...current.map((attempts, at) => waitMs(attempts, keys[at]!.limit, now))) };
    },
  );
}

/** The password was right: the account begins anew, and the address has one failure less. */
export async function succeed(db: Database, { keys: [own, ...others] }: Attempt, now = new Date()): Promise<void> {
  if (own) await forgetAttempts(db, own.key);
  for (const { key } of others) await forgiveAttempt(db, key);
  await sweepAttempts(db, new Date(now.getTime() - FORGOTTEN_MS));
}

/** The password was not looked at after all. */
export async function withdraw(db: Database, { keys }: Attempt): Promise<void> {
  for (const { key } of keys) await forgiveAttempt(db, key);
}

/** A new device cookie's value, for a browser in which this account was just signed in to. */
export function deviceCookie(email: string, secret: string): string {
  const nonce = randomBytes(16).toString('base64url');
  return `${nonce}.${signed(nonce, email, secret)}`;
}

function nonceOf(cookie: string, email: string, secret: string): string | null {
  const [nonce = '', signature = ''] = cookie.split('.');
  const given = Buffer.from(signature);
  const right = Buffer.from(signed(nonce, email, secret));
  return given.length === right.length && timingSafeEqual(given, right) ? nonce : null;
}

function signed(nonce: string, email: string, secret: string): string {
  return createHmac('sha256', secret).update(`device ${nonce} ${email.toLowerCase()}`).digest('base64url');
}

/** Of one length, and without what people typed, which now and then is a password. */
function keyOf(kind: keyof typeof limits, name: string): string {
  return `${kind}:${createHash('sha256').update(name).digest('base64url')}`;
}
