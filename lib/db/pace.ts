import { and, countDistinct, eq, gte, max, sql } from 'drizzle-orm';
import { annotations } from '@/drizzle/schema';
import type { Database } from './client';

/** Prompts whose first version this person stored since then. */
export async function countBegunSince(db: Database, projectId: string, annotatorId: string, since: Date) {
  const [row] = await db
    .select({ n: countDistinct(annotations.promptId) })
    .from(annotations)
    .where(
      and(
        eq(annotations.projectId, projectId),
        eq(annotations.annotatorId, annotatorId),
        eq(annotations.version, 1),
        gte(annotations.createdAt, since),
      ),
    );
  return row?.n ?? 0;
}

export async function countJudgedByAnyone(db: Database, projectId: string): Promise<number> {
  const [row] = await db
    .select({ n: countDistinct(annotations.promptId) })
    .from(annotations)
    .where(eq(annotations.projectId, projectId));
  return row?.n ?? 0;
}

/**
 * The median over this person's prompts of the longest time a version took: going back to a prompt goes on from the
 * time of the version before, an edit from the history begins at none.
 */
export async function medianActiveMs(db: Database, projectId: string, annotatorId: string): Promise<number | null> {
  const byPrompt = db
    .select({ ms: max(annotations.timeOnTaskMs).as('ms') })
    .from(annotations)
    .where(and(eq(annotations.projectId, projectId), eq(annotations.annotatorId, annotatorId)))
    .groupBy(annotations.promptId)
    .as('by_prompt');
  const [row] = await db
    .select({ ms: sql<number | null>`cast(percentile_cont(0.5) within group (order by ${byPrompt.ms}) as integer)` })
    .from(byPrompt);
  return row?.ms ?? null;
}
