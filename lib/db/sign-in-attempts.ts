import { asc, eq, inArray, lt, sql } from 'drizzle-orm';
import { signInAttempts } from '@/drizzle/schema';
import type { Database } from './client';

interface StoredAttempts {
  failures: number;
  lastAt: Date;
}

/**
 * Adds a failure to each key, unless `decide` asks for a wait. Concurrent attempts on one key are serialised.
 * @param decide gets the stored attempts of each key, and returns those that count now and the wait in milliseconds
 * @returns that wait
 */
export async function recordAttempt(
  db: Database,
  keys: readonly string[],
  now: Date,
  decide: (stored: readonly StoredAttempts[]) => { current: readonly StoredAttempts[]; wait: number },
): Promise<number> {
  return db.transaction(async (tx) => {
    // Rows are locked in the same order everywhere, since two attempts could otherwise deadlock.
    const newRows = [...keys].sort().map((key) => ({ key, failures: 0, lastAt: now }));
    await tx.insert(signInAttempts).values(newRows).onConflictDoNothing();
    const rows = await tx
      .select()
      .from(signInAttempts)
      .where(inArray(signInAttempts.key, [...keys]))
      .orderBy(asc(signInAttempts.key))
      .for('update');
    const byKey = new Map(rows.map((row) => [row.key, row]));
    const { current, wait } = decide(keys.map((key) => byKey.get(key) ?? { failures: 0, lastAt: now }));
    for (const [index, { failures, lastAt }] of current.entries()) {
      const next = wait > 0 ? { failures, lastAt } : { failures: failures + 1, lastAt: now };
      await tx.update(signInAttempts).set(next).where(eq(signInAttempts.key, keys[index]!));
    }
    return wait;
  });
}

/** Removes one failure. */
export async function decrementFailures(db: Database, key: string): Promise<void> {
  await db
    .update(signInAttempts)
    .set({ failures: sql`greatest(${signInAttempts.failures} - 1, 0)` })
    .where(eq(signInAttempts.key, key));
}

export async function deleteAttempts(db: Database, key: string): Promise<void> {
  await db.delete(signInAttempts).where(eq(signInAttempts.key, key));
}

/** Deletes rows older than `before`, except those that an attempt is just updating. */
export async function deleteAttemptsBefore(db: Database, before: Date): Promise<void> {
  const old = db
    .select({ key: signInAttempts.key })
    .from(signInAttempts)
    .where(lt(signInAttempts.lastAt, before))
    .for('update', { skipLocked: true });
  await db.delete(signInAttempts).where(inArray(signInAttempts.key, old));
}
