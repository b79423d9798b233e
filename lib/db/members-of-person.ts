import { and, eq } from 'drizzle-orm';
import { members } from '@/drizzle/schema';
import type { ProjectRole } from '@/lib/schemas/account';
import type { Database } from './client';

/** The ids of the projects in which a person has this role. */
export async function listProjectIds(db: Database, userId: string, role: ProjectRole): Promise<Set<string>> {
  const rows = await db
    .select({ projectId: members.projectId })
    .from(members)
    .where(and(eq(members.userId, userId), eq(members.role, role)));
  return new Set(rows.map(({ projectId }) => projectId));
}
