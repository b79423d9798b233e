import { and, count, desc, eq, sql } from 'drizzle-orm';
import { apiKeys, users } from '@/drizzle/schema';
import type { Database } from './client';
import type { User } from './users';

export type ApiKeyRow = typeof apiKeys.$inferSelect;

export async function insertApiKey(
  db: Database,
  values: Pick<ApiKeyRow, 'userId' | 'name' | 'keyHash' | 'start' | 'scopes' | 'expiresAt'>,
): Promise<ApiKeyRow> {
  const [row] = await db.insert(apiKeys).values(values).returning();
  if (!row) throw new Error('The inserted key did not come back.');
  return row;
}

/** A person's keys, the newest first. */
export const listApiKeys = (db: Database, userId: string): Promise<ApiKeyRow[]> =>
  db.select().from(apiKeys).where(eq(apiKeys.userId, userId)).orderBy(desc(apiKeys.createdAt), desc(apiKeys.id));

export async function countApiKeys(db: Database, userId: string): Promise<number> {
  const [row] = await db.select({ n: count() }).from(apiKeys).where(eq(apiKeys.userId, userId));
  return row?.n ?? 0;
}

/** The key of this hash, with its person. */
export async function findApiKey(db: Database, keyHash: string): Promise<{ key: ApiKeyRow; user: User } | null> {
  const [row] = await db
    .select({ key: apiKeys, user: users })
    .from(apiKeys)
    .innerJoin(users, eq(users.id, apiKeys.userId))
    .where(eq(apiKeys.keyHash, keyHash));
  return row ?? null;
}

/** Notes that it was used, once a minute at most: a program that asks a hundred times a second writes no more often. */
export async function noteApiKeyUse(db: Database, id: string): Promise<void> {
  await db
    .update(apiKeys)
    .set({ lastUsedAt: sql`now()` })
    .where(
      and(
        eq(apiKeys.id, id),
        sql`(${apiKeys.lastUsedAt} is null or ${apiKeys.lastUsedAt} < now() - interval '1 minute')`,
      ),
    );
}

/** @returns the deleted key; null when the person has none of that id */
export async function deleteApiKey(db: Database, userId: string, id: string): Promise<ApiKeyRow | null> {
  const [row] = await db
    .delete(apiKeys)
    .where(and(eq(apiKeys.id, id), eq(apiKeys.userId, userId)))
    .returning();
  return row ?? null;
}

export async function deleteApiKeysOf(db: Database, userId: string): Promise<void> {
  await db.delete(apiKeys).where(eq(apiKeys.userId, userId));
}
