/** In which browsers somebody is signed in. */
import { type Actor, authorize } from '@/lib/auth/permissions';
import { notFound } from '@/lib/auth/refusal';
import { recordAudit } from '@/lib/db/audit';
import type { Database } from '@/lib/db/client';
import { deleteSession, deleteSessions, listSessions as listStoredSessions } from '@/lib/db/sessions';
import { findUser } from '@/lib/db/users';
import type { Session } from '@/lib/schemas/people';

const MAX_BROWSER = 300;

/** The actor's own sessions; `currentId` is the one of the browser that asks. */
export async function listMySessions(actor: Actor, db: Database, currentId: string | null): Promise<Session[]> {
  return (await listStoredSessions(db, actor.userId)).map((row) => ({
    id: row.id,
    current: row.id === currentId,
    startedAt: row.createdAt.toISOString(),
    lastUsedAt: row.updatedAt.toISOString(),
    address: row.ipAddress || null,
    browser: row.userAgent?.slice(0, MAX_BROWSER) || null,
  }));
}

/** Ends one of the actor's own sessions, or all but the current one. */
export async function endMySessions(
  actor: Actor,
  db: Database,
  { sessionId, currentId }: { sessionId: string | undefined; currentId: string | null },
): Promise<void> {
  await db.transaction(async (tx) => {
    if (sessionId !== undefined && !(await deleteSession(tx, actor.userId, sessionId))) throw notFound('noSuchSession');
    const ended =
      sessionId === undefined ? await deleteSessions(tx, actor.userId, { except: currentId ?? undefined }) : 1;
    await noteEnded(tx, actor, actor.userId, ended);
  });
}

/** Ends all sessions of a person, who has to sign in again everywhere. */
export async function endSessionsOf(actor: Actor, db: Database, userId: string): Promise<void> {
  authorize(actor, 'users.manage');
  await db.transaction(async (tx) => {
    if (!(await findUser(tx, userId))) throw notFound();
    await noteEnded(tx, actor, userId, await deleteSessions(tx, userId));
  });
}

const noteEnded = (tx: Database, actor: Actor, subjectId: string, sessions: number) =>
  recordAudit(tx, { kind: 'sessions_ended', actorId: actor.userId, subjectId, details: { sessions } });
