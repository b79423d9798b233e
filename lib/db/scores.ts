import { and, eq, inArray, sql } from 'drizzle-orm';
import { scores } from '@/drizzle/schema';
import type { RunScoresRequest } from '@/lib/schemas/run';
import type { ExternalPromptId } from '@/trainer/contract/ids';
import type { Database } from './client';

export type ScoreRow = typeof scores.$inferSelect;

/** A score reported again replaces the earlier one. */
export async function upsertScores(
  db: Database,
  runId: string,
  { stage, scores: rows }: RunScoresRequest,
): Promise<void> {
  for (let start = 0; start < rows.length; start += 500) {
    await db
      .insert(scores)
      .values(rows.slice(start, start + 500).map((row) => ({ runId, stage, ...row })))
      .onConflictDoUpdate({
        target: [scores.runId, scores.promptId, scores.responseId, scores.stage],
        set: { score: sql`excluded.score`, heldOut: sql`excluded.held_out` },
      });
  }
}

/** Scores of these prompts, both stages. */
export async function scoresOf(
  db: Database,
  runId: string,
  promptIds: readonly ExternalPromptId[],
): Promise<ScoreRow[]> {
  if (promptIds.length === 0) return [];
  return db
    .select()
    .from(scores)
    .where(and(eq(scores.runId, runId), inArray(scores.promptId, [...promptIds])));
}
