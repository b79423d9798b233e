import { describe, expect, it } from 'vitest';
import { signInAttempts } from '@/drizzle/schema';
import { describeOnEachDatabase } from '@/lib/db/testing';
import {
  beginAttempt,
  createAttempt,
  deviceCookie,
  effectiveAttempts,
  FAILURES_EXPIRE_AFTER_MS,
  limits,
  recordSuccess,
  waitMs,
} from './sign-in-limit';

const secret = 'a secret of at least thirty-two characters';
const start = new Date('2030-01-01T12:00:00Z');
const later = (ms: number) => new Date(start.getTime() + ms);

describe('the wait', () => {
  const limit = { free: 3, maxWaitMs: 10_000 };
  const wait = (failures: number, now = start) => waitMs({ failures, lastAt: start }, limit, now);

  it('doubles with each failure past the free ones, up to a limit', () => {
    expect([0, 2, 3, 4, 5, 6, 7, 1_000_000].map((n) => wait(n))).toEqual([
      0, 0, 1000, 2000, 4000, 8000, 10_000, 10_000,
    ]);
  });

  it('passes', () => {
    expect(wait(4, later(500))).toBe(1500);
    expect(wait(4, later(2000))).toBe(0);
  });

  it('failures are forgotten after a quiet hour', () => {
    const stored = { failures: 9, lastAt: start };
    expect(effectiveAttempts(stored, later(FAILURES_EXPIRE_AFTER_MS)).failures).toBe(9);
    expect(effectiveAttempts(stored, later(FAILURES_EXPIRE_AFTER_MS + 1)).failures).toBe(0);
  });

  it('is never longer than its limit when the clock is set back', () => {
    const yearAhead = { failures: 9, lastAt: later(365 * 24 * 3600 * 1000) };
    expect(waitMs(effectiveAttempts(yearAhead, start), limit, start)).toBe(limit.maxWaitMs);
  });
});

describeOnEachDatabase('attempts to sign in', (database) => {
  /** `count` wrong passwords, one after the other and without patience. @returns how many were looked at */
  async function guess(email: string, addresses: readonly string[], count: number, device?: string, now = start) {
    let lookedAt = 0;
    for (let n = 0; n < count; n++) {
      const attempt = createAttempt(email, addresses[n % addresses.length]!, device, secret);
      if ((await beginAttempt(database(), attempt, now)) === 0) lookedAt++;
    }
    return lookedAt;
  }
  async function signIn(email: string, address: string, device?: string, now = start): Promise<boolean> {
    const attempt = createAttempt(email, address, device, secret);
    if ((await beginAttempt(database(), attempt, now)) > 0) return false;
    await recordSuccess(database(), attempt, now);
    return true;
  }

  it('on one account are slowed from five addresses as from one', async () => {
    const five = [1, 2, 3, 4, 5].map((n) => `198.51.100.${n}`);
    expect(await guess('one@example.org', five, 50)).toBe(limits.account.free);
    // Whether there is such an account makes no difference.
    expect(await guess('nobody@example.org', five, 50)).toBe(limits.account.free);
  });

  it('many at once count as many', async () => {
    const attempt = () =>
      beginAttempt(database(), createAttempt('many@example.org', '198.51.100.9', undefined, secret), start);
    const waits = await Promise.all(Array.from({ length: 30 }, attempt));
    expect(waits.filter((wait) => wait === 0)).toHaveLength(limits.account.free);
  });

  it('over many accounts from one address are slowed', async () => {
    let lookedAt = 0;
    for (let n = 0; n < 100; n++) lookedAt += await guess(`spray-${n}@example.org`, ['203.0.113.1'], 1);
    expect(lookedAt).toBe(limits.address.free);
    expect(await signIn('somebody@example.org', '203.0.113.1')).toBe(false);
    expect(await signIn('somebody@example.org', '203.0.113.2')).toBe(true);
    // Not for long: everybody at that address waits at most a minute.
    expect(await signIn('somebody@example.org', '203.0.113.1', undefined, later(limits.address.maxWaitMs))).toBe(true);
  });

  it('a class of thirty behind one router signs in, each after a mistake, and again and again', async () => {
    const router = '203.0.113.7';
    for (let round = 0; round < 5; round++) {
      const signedIn = await Promise.all(
        Array.from({ length: 30 }, async (_, n) => {
          const email = `pupil-${n}@example.org`;
          if (round === 0) await guess(email, [router], 1);
          return signIn(email, router);
        }),
      );
      expect(signedIn).toEqual(Array(30).fill(true));
    }
  });

  it('a browser that knows the account gets in while strangers attack it; another cookie, or a forged one, does not', async () => {
    const mine = deviceCookie('owner@example.org', secret);
    await guess('owner@example.org', ['203.0.113.20'], 40);
    expect(await signIn('owner@example.org', '203.0.113.20')).toBe(false);
    expect(await signIn('owner@example.org', '203.0.113.20', deviceCookie('other@example.org', secret))).toBe(false);
    expect(await signIn('owner@example.org', '203.0.113.20', `${mine.split('.')[0]}.forged`)).toBe(false);
    expect(await signIn('owner@example.org', '203.0.113.20', mine)).toBe(true);
    // It is no licence: its own failures count.
    expect(await guess('owner@example.org', ['203.0.113.21'], 40, mine)).toBe(limits.device.free);
  });

  it('a right password lets the account begin anew', async () => {
    const address = ['203.0.113.30'];
    expect(await guess('anew@example.org', address, 4)).toBe(4);
    expect(await signIn('anew@example.org', address[0]!)).toBe(true);
    expect(await guess('anew@example.org', address, 40)).toBe(limits.account.free);
  });

  it('a clock that is set back by a year locks nobody out for longer than the maximum wait', async () => {
    const ahead = later(365 * 24 * 3600 * 1000);
    await guess('clock@example.org', ['203.0.113.40'], 40, undefined, ahead);
    expect(await signIn('clock@example.org', '203.0.113.40')).toBe(false);
    expect(await signIn('clock@example.org', '203.0.113.40', undefined, later(limits.account.maxWaitMs))).toBe(true);
  });

  it('stores no typed text, and deletes old attempts', async () => {
    await guess('the-password-typed-as-a-name', ['203.0.113.50'], 1);
    expect(JSON.stringify(await database().select().from(signInAttempts))).not.toContain('typed');
    const evening = later(FAILURES_EXPIRE_AFTER_MS * 10_000);
    expect(await signIn('sweeper@example.org', '203.0.113.60', undefined, evening)).toBe(true);
    const left = await database().select().from(signInAttempts);
    expect(left.map(({ lastAt }) => lastAt > later(1))).toEqual(left.map(() => true));
  });
});
