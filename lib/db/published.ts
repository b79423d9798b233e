/**
 * The published part of a project's prompts and responses, which is all that people see. A job stages rows beyond it
 * (staging.ts), and publishes all of them at once by raising three numbers of the project's row.
 */
import { and, eq, sql } from 'drizzle-orm';
import { projects, prompts, responses } from '@/drizzle/schema';
import type { Database } from './client';

/**
 * A condition on `prompts`: of this project, and not of an import that is still running. Every query by project uses
 * it.
 */
export function isPublished(projectId: string) {
  const count = sql`(select ${projects.promptCount} from ${projects} where ${projects.id} = ${projectId})`;
  return and(eq(prompts.projectId, projectId), sql`${prompts.position} < ${count}`);
}

/** A condition on `responses` of a published prompt: not of an addition that is still running. */
export function isPublishedResponse() {
  return sql`(${responses.addition} is null or ${responses.addition} <= (
    select project.additions from ${prompts} prompt join ${projects} project on project.id = prompt.project_id
    where prompt.id = ${responses.promptId}))`;
}

export interface PublishedCounts {
  prompts: number;
  responses: number;
  additions: number;
}

/** How many prompts, responses and additions of the project are published. */
export async function publishedCounts(db: Database, projectId: string): Promise<PublishedCounts> {
  const [row] = await db
    .select({ prompts: projects.promptCount, responses: projects.responseCount, additions: projects.additions })
    .from(projects)
    .where(eq(projects.id, projectId));
  return row ?? { prompts: 0, responses: 0, additions: 0 };
}

/** Publishes all staged rows in this one statement. */
export async function publish(tx: Database, projectId: string, staged: PublishedCounts): Promise<void> {
  await tx
    .update(projects)
    .set({
      promptCount: sql`${projects.promptCount} + ${staged.prompts}`,
      responseCount: sql`${projects.responseCount} + ${staged.responses}`,
      ...(staged.additions > 0 ? { additions: sql`${projects.additions} + ${staged.additions}` } : {}),
    })
    .where(eq(projects.id, projectId));
}

/** Makes everything a thing that was never published, which `sweepStaged` deletes. */
export async function unpublish(tx: Database, projectId: string): Promise<void> {
  await tx.update(projects).set({ promptCount: 0, responseCount: 0, additions: 0 }).where(eq(projects.id, projectId));
}
