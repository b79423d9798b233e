import { and, asc, eq } from 'drizzle-orm';
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
    .select({ userId: members.userId, name: users.name, email: users.email, role: members.role })
    .from(members)
    .innerJoin(users, eq(users.id, members.userId))
    .where(eq(members.projectId, projectId))
    .orderBy(asc(members.createdAt), asc(users.email));
  return rows as Member[];
}

/** Adds the person, or changes the role of an existing member. */
export async function upsertMember(
  db: Database,
  member: { projectId: string; userId: string; role: ProjectRole },
): Promise<void> {
  await db
    .insert(members)
    .values(member)
    .onConflictDoUpdate({ target: [members.projectId, members.userId], set: { role: member.role } });
}

/** @returns whether the person was a member */
export async function deleteMember(db: Database, projectId: string, userId: string): Promise<boolean> {
  const deleted = await db
    .delete(members)
    .where(and(eq(members.projectId, projectId), eq(members.userId, userId)))
    .returning({ userId: members.userId });
  return deleted.length > 0;
}
