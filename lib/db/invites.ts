import { and, desc, eq, gt, isNull } from 'drizzle-orm';
import { invites, projects } from '@/drizzle/schema';
import type { Database } from './client';

export type Invite = typeof invites.$inferSelect;
export type InviteWithProject = Invite & { projectName: string | null };

export async function insertInvite(
  db: Database,
  values: Pick<Invite, 'tokenHash' | 'role' | 'projectId' | 'createdBy' | 'expiresAt'>,
): Promise<Invite> {
  const [row] = await db.insert(invites).values(values).returning();
  if (!row) throw new Error('The inserted invite did not come back.');
  return row;
}

export async function findInvite(db: Database, tokenHash: string): Promise<InviteWithProject | null> {
  const [row] = await db
    .select({ invite: invites, projectName: projects.name })
    .from(invites)
    .leftJoin(projects, eq(projects.id, invites.projectId))
    .where(eq(invites.tokenHash, tokenHash));
  return row ? { ...row.invite, projectName: row.projectName } : null;
}

export async function listInvites(db: Database): Promise<InviteWithProject[]> {
  const rows = await db
    .select({ invite: invites, projectName: projects.name })
    .from(invites)
    .leftJoin(projects, eq(projects.id, invites.projectId))
    .orderBy(desc(invites.createdAt));
  return rows.map((row) => ({ ...row.invite, projectName: row.projectName }));
}

/** Marks the invite as used. Of several concurrent calls exactly one gets the invite, the others null. */
export async function claimInvite(db: Database, tokenHash: string, now: Date): Promise<Invite | null> {
  const [row] = await db
    .update(invites)
    .set({ usedAt: now })
    .where(and(eq(invites.tokenHash, tokenHash), isNull(invites.usedAt), gt(invites.expiresAt, now)))
    .returning();
  return row ?? null;
}

export async function setInviteUser(db: Database, inviteId: string, userId: string): Promise<void> {
  await db.update(invites).set({ usedBy: userId }).where(eq(invites.id, inviteId));
}

/** Deletes setup links of earlier starts: those without a creator that nobody has used. */
export async function deleteUnusedSetupInvites(db: Database): Promise<void> {
  await db.delete(invites).where(and(isNull(invites.createdBy), isNull(invites.usedAt), eq(invites.role, 'admin')));
}

/** Takes back an invitation that nobody has used. @returns whether there was one */
export async function deleteUnusedInvite(db: Database, inviteId: string): Promise<boolean> {
  const rows = await db
    .delete(invites)
    .where(and(eq(invites.id, inviteId), isNull(invites.usedAt)))
    .returning({ id: invites.id });
  return rows.length > 0;
}

/** Takes back the unused invitations that somebody made. */
export async function deleteUnusedInvitesBy(db: Database, createdBy: string): Promise<void> {
  await db.delete(invites).where(and(eq(invites.createdBy, createdBy), isNull(invites.usedAt)));
}
