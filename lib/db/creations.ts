import { and, eq, lt } from 'drizzle-orm';
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

export async function storeAnswer(tx: Database, key: Key, answer: string): Promise<void> {
  await tx.update(creations).set({ answer }).where(keyMatches(key));
}

/** Deletes this person's creations older than `before`, by when no client retries any more. */
export async function deleteCreationsBefore(tx: Database, actorId: string, before: Date): Promise<void> {
  await tx.delete(creations).where(and(eq(creations.actorId, actorId), lt(creations.createdAt, before)));
}
