/** What waits for one person in all projects: held places on prompts, and projects that would be without a researcher. */
import { and, asc, eq, inArray, sql } from 'drizzle-orm';
import { assignments, members, projects, users } from '@/drizzle/schema';
import type { Database } from './client';

/** The projects in which a person holds places, and the ids of those prompts whose place has not expired. */
export async function heldPlacesByProject(db: Database, annotatorId: string) {
  const rows = await db
    .select({
      projectId: assignments.projectId,
      promptId: assignments.promptId,
      waits: sql<boolean>`(${assignments.leasedUntil} is null or ${assignments.leasedUntil} > now())`,
    })
    .from(assignments)
    .where(and(eq(assignments.annotatorId, annotatorId), eq(assignments.state, 'held')))
    .orderBy(asc(assignments.projectId), asc(assignments.promptId));
  const byProject = new Map<string, (typeof rows)[number]['promptId'][]>();
  for (const { projectId, promptId, waits } of rows) {
    const waiting = byProject.get(projectId) ?? [];
    byProject.set(projectId, waits ? [...waiting, promptId] : waiting);
  }
  return byProject;
}

/** The projects of which this person is the only researcher whose account is active. */
export async function projectsOnlyOf(db: Database, userId: string): Promise<{ id: string; name: string }[]> {
  return db
    .select({ id: projects.id, name: projects.name })
    .from(members)
    .innerJoin(projects, eq(projects.id, members.projectId))
    .where(
      and(
        eq(members.userId, userId),
        eq(members.role, 'researcher'),
        inArray(projects.state, ['active', 'archived']),
        sql`not exists (select from ${members} other join ${users} on ${users.id} = other.user_id
          where other.project_id = ${projects.id} and other.role = 'researcher' and other.user_id <> ${userId}
            and ${users.deactivatedAt} is null)`,
      ),
    )
    .orderBy(asc(projects.id));
}
