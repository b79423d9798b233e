import { and, eq, gt } from 'drizzle-orm';
import { resetLinks, users } from '@/drizzle/schema';
import type { Database } from './client';
import type { User } from './users';

export type ResetLink = typeof resetLinks.$inferSelect;

/** Stores a person's link in the place of an earlier one. */
export async function putResetLink(db: Database, link: Omit<ResetLink, 'createdAt'>): Promise<void> {
  const values = { ...link, createdAt: new Date() };
  await db.insert(resetLinks).values(values).onConflictDoUpdate({ target: resetLinks.userId, set: values });
}

/** The link, and the person whom it is for; null for one that is unknown, used or replaced. */
export async function findResetLink(db: Database, tokenHash: string): Promise<(ResetLink & { user: User }) | null> {
  const [row] = await db
    .select({ link: resetLinks, user: users })
    .from(resetLinks)
    .innerJoin(users, eq(users.id, resetLinks.userId))
    .where(eq(resetLinks.tokenHash, tokenHash));
  return row ? { ...row.link, user: row.user } : null;
}

/** Uses up the link. Of several concurrent calls exactly one gets the person's id, the others null. */
export async function claimResetLink(db: Database, tokenHash: string, now: Date): Promise<string | null> {
  const [row] = await db
    .delete(resetLinks)
    .where(and(eq(resetLinks.tokenHash, tokenHash), gt(resetLinks.expiresAt, now)))
    .returning({ userId: resetLinks.userId });
  return row?.userId ?? null;
}

export async function deleteResetLinkOf(db: Database, userId: string): Promise<void> {
  await db.delete(resetLinks).where(eq(resetLinks.userId, userId));
}

/** Takes back the links that somebody made. */
export async function deleteResetLinksBy(db: Database, createdBy: string): Promise<void> {
  await db.delete(resetLinks).where(eq(resetLinks.createdBy, createdBy));
}
