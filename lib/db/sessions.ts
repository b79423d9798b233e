import { and, desc, eq, gt, ne, type SQL } from 'drizzle-orm';
import { sessions } from '@/drizzle/schema';
import type { Database } from './client';

export type SessionRow = typeof sessions.$inferSelect;

/** A person's sessions that have not expired, the last used first. */
export async function listSessions(db: Database, userId: string): Promise<SessionRow[]> {
  return db
    .select()
    .from(sessions)
    .where(and(eq(sessions.userId, userId), gt(sessions.expiresAt, new Date())))
    .orderBy(desc(sessions.updatedAt), desc(sessions.createdAt));
}

/** Ends all sessions of a person, except perhaps one. @returns how many there were */
export const deleteSessions = (db: Database, userId: string, { except }: { except?: string } = {}): Promise<number> =>
  deleteWhere(db, and(eq(sessions.userId, userId), except === undefined ? undefined : ne(sessions.id, except)));

/** Ends one session of a person. @returns whether there was one */
export const deleteSession = async (db: Database, userId: string, sessionId: string): Promise<boolean> =>
  (await deleteWhere(db, and(eq(sessions.userId, userId), eq(sessions.id, sessionId)))) > 0;

async function deleteWhere(db: Database, which: SQL | undefined): Promise<number> {
  return (await db.delete(sessions).where(which).returning({ id: sessions.id })).length;
}
