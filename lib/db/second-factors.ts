import { and, eq, lt } from 'drizzle-orm';
import { twoFactors, usedCodes, users } from '@/drizzle/schema';
import type { Database } from './client';

/** Longer than an authenticator app shows a code and a server still takes it. */
const CODE_LIFE_MS = 5 * 60_000;

/** Notes that the code is being used. @returns false when it was used a moment ago */
export async function claimCode(
  db: Database,
  code: { userId: string; codeHash: string },
  now = new Date(),
): Promise<boolean> {
  const old = lt(usedCodes.usedAt, new Date(now.getTime() - CODE_LIFE_MS));
  await db.delete(usedCodes).where(and(eq(usedCodes.userId, code.userId), old));
  const claimed = await db
    .insert(usedCodes)
    .values({ ...code, usedAt: now })
    .onConflictDoNothing()
    .returning({ userId: usedCodes.userId });
  return claimed.length > 0;
}

/** The code was wrong, so it is not used up. */
export async function withdrawCode(db: Database, { userId, codeHash }: { userId: string; codeHash: string }) {
  await db.delete(usedCodes).where(and(eq(usedCodes.userId, userId), eq(usedCodes.codeHash, codeHash)));
}

/** @returns whether the person had one */
export async function deleteSecondFactor(tx: Database, userId: string): Promise<boolean> {
  await tx.update(users).set({ twoFactorEnabled: false, updatedAt: new Date() }).where(eq(users.id, userId));
  const removed = await tx.delete(twoFactors).where(eq(twoFactors.userId, userId)).returning({ id: twoFactors.id });
  return removed.length > 0;
}
