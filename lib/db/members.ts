import { and, asc, eq, sql } from 'drizzle-orm';
import { members, users } from '@/drizzle/schema';
import type { ProjectRole } from '@/lib/schemas/account';
import type { Member } from '@/lib/schemas/people';
import type { Database } from './client';

/** @returns null when the person is not a member, or when there is no such project */
export async function findProjectRole(db: Database, projectId: string, userId: string): Promise<ProjectRole | null> {
  const [row] = await db
    .select({ role: members.role })
    .from(members)
    .where(and(eq(members.projectId, projectId), eq(members.userId, userId)));
  return (row?.role as ProjectRole | undefined) ?? null;
}

export async function listMembers(db: Database, projectId: string): Promise<Member[]> {
  const rows = await db
    .select({
      userId: members.userId,
      name: users.name,
      email: users.email,
      role: members.role,
      languages: members.languages,
      isActive: sql<boolean>`${users.deactivatedAt} is null`,
    })
    .from(members)
    .innerJoin(users, eq(users.id, members.userId))
    .where(eq(members.projectId, projectId))
    .orderBy(asc(members.createdAt), asc(users.email));
  return rows as Member[];
}

/** Adds the person, or changes the role, and the languages where they are given, of an existing member. */
export async function upsertMember(
  db: Database,
  member: { projectId: string; userId: string; role: ProjectRole; languages?: string[] },
): Promise<void> {
  const { role, languages } = member;
  await db
    .insert(members)
    .values(member)
    .onConflictDoUpdate({
      target: [members.projectId, members.userId],
      set: { role, ...(languages && { languages }) },
    });
}

/** The languages in which the person gets prompts of the project; none: all of them. */
export async function languagesReadBy(db: Database, projectId: string, userId: string): Promise<string[]> {
  const [row] = await db
    .select({ languages: members.languages })
    .from(members)
    .where(and(eq(members.projectId, projectId), eq(members.userId, userId)));
  return row?.languages ?? [];
}

/** @returns whether the person was a member */
export async function deleteMember(db: Database, projectId: string, userId: string): Promise<boolean> {
  const deleted = await db
    .delete(members)
    .where(and(eq(members.projectId, projectId), eq(members.userId, userId)))
    .returning({ userId: members.userId });
  return deleted.length > 0;
}

/** Adds the members of one project to another; whoever is a member there stays what he or she is. */
export async function copyMembers(tx: Database, from: string, to: string): Promise<void> {
  const rows = await tx
    .select({ userId: members.userId, role: members.role, languages: members.languages })
    .from(members)
    .where(eq(members.projectId, from));
  if (rows.length === 0) return;
  await tx
    .insert(members)
    .values(rows.map((row) => ({ ...row, projectId: to })))
    .onConflictDoNothing();
}
