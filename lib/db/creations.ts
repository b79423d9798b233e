import { randomUUID } from 'node:crypto';
import { and, eq, like, lt, sql } from 'drizzle-orm';
import { creations } from '@/drizzle/schema';
import type { Database } from './client';

export type Creation = Pick<typeof creations.$inferSelect, 'contentHash' | 'answer'>;

type Key = Pick<typeof creations.$inferInsert, 'actorId' | 'keyHash'>;

const keyMatches = ({ actorId, keyHash }: Key) => and(eq(creations.actorId, actorId), eq(creations.keyHash, keyHash));

/**
 * Claims the key in the transaction that creates. A concurrent request with the same key waits here until it ends.
 * @returns null when the key was free, else what was created with it
 */
export async function claimCreation(tx: Database, key: Key, contentHash: string): Promise<Creation | null> {
  const inserted = await tx
    .insert(creations)
    .values({ ...key, contentHash, answer: '' })
    .onConflictDoNothing()
    .returning();
  if (inserted.length > 0) return null;
  const [row] = await tx.select().from(creations).where(keyMatches(key));
  return row ?? null;
}

/**
 * Claims the key for work that goes on after this: `token` stands where the answer will be. A claim that nobody has
 * renewed for so long is that of a server that died, and is taken over.
 * @returns null when the key is claimed, else what it belongs to
 */
export async function claimInSteps(
  db: Database,
  key: Key,
  { contentHash, token, deadAfterSeconds }: { contentHash: string; token: string; deadAfterSeconds: number },
): Promise<Creation | null> {
  const claimed = await db
    .insert(creations)
    .values({ ...key, contentHash, answer: token })
    .onConflictDoUpdate({
      target: [creations.actorId, creations.keyHash],
      set: { answer: token, createdAt: sql`now()` },
      setWhere: and(
        eq(creations.contentHash, contentHash),
        like(creations.answer, `${CLAIM}%`),
        lt(creations.createdAt, sql`now() - make_interval(secs => ${deadAfterSeconds})`),
      ),
    })
    .returning();
  if (claimed.length > 0) return null;
  const [row] = await db.select().from(creations).where(keyMatches(key));
  return row ?? null;
}

/** No answer that is stored has a colon. */
const CLAIM = 'claim:';
export const newClaim = (): string => `${CLAIM}${randomUUID()}`;
export const isUnderWay = ({ answer }: Creation): boolean => answer.startsWith(CLAIM);

const isClaimedBy = (key: Key, token: string) => and(keyMatches(key), eq(creations.answer, token));

export async function renewClaim(db: Database, key: Key, token: string): Promise<void> {
  await db.update(creations).set({ createdAt: sql`now()` }).where(isClaimedBy(key, token));
}

/** Ends a claim with the answer. Does nothing where it has an answer, or belongs to another server by now. */
export async function answerClaim(tx: Database, key: Key, token: string, answer: string): Promise<void> {
  await tx.update(creations).set({ answer, createdAt: sql`now()` }).where(isClaimedBy(key, token));
}

/** Frees the key of work that has created nothing. */
export async function dropClaim(db: Database, key: Key, token: string): Promise<void> {
  await db.delete(creations).where(isClaimedBy(key, token));
}

export async function storeAnswer(tx: Database, key: Key, answer: string): Promise<void> {
  await tx.update(creations).set({ answer }).where(keyMatches(key));
}

/** Deletes this person's creations older than `before`, by when no client retries any more. */
export async function deleteCreationsBefore(tx: Database, actorId: string, before: Date): Promise<void> {
  await tx.delete(creations).where(and(eq(creations.actorId, actorId), lt(creations.createdAt, before)));
}
