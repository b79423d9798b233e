import { eq, sql } from 'drizzle-orm';
import { judgementModels } from '@/drizzle/schema';
import type { JudgementModel } from '@/lib/ranking/posterior/judgement-model';
import { judgementModelSchema } from '@/lib/schemas/judgement-model';
import type { Database } from './client';

/** How the project's people judge, and the annotations that were known; null before it was ever estimated. */
export async function judgementModelOf(
  db: Database,
  projectId: string,
): Promise<{ model: JudgementModel; versions: number } | null> {
  const [row] = await db.select().from(judgementModels).where(eq(judgementModels.projectId, projectId));
  // What an earlier version of the app estimated may have another shape; then it is estimated anew.
  const model = judgementModelSchema.safeParse(row?.model).data;
  return row && model ? { model, versions: row.versions } : null;
}

/** Replaces what was estimated before. */
export async function storeJudgementModel(
  db: Database,
  projectId: string,
  versions: number,
  model: JudgementModel,
): Promise<void> {
  await db
    .insert(judgementModels)
    .values({ projectId, versions, model })
    .onConflictDoUpdate({
      target: judgementModels.projectId,
      set: { versions, model, estimatedAt: sql`now()` },
    });
}
