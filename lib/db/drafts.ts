import { and, eq, inArray, lt, sql } from 'drizzle-orm';
import { drafts } from '@/drizzle/schema';
import type { BoardContent, Draft } from '@/lib/schemas/draft';
import type { PromptId } from '@/trainer/contract/ids';
import type { Database } from './client';

/** Stores the draft unless one with the same or a larger sequence exists. @returns whether it was stored. */
export async function upsertDraft(
  db: Database,
  annotatorId: string,
  promptId: PromptId,
  draft: Draft,
): Promise<boolean> {
  const { baseVersion, sequence, content } = draft;
  const rows = await db
    .insert(drafts)
    .values({ promptId, annotatorId, baseVersion, sequence, content })
    .onConflictDoUpdate({
      target: [drafts.promptId, drafts.annotatorId],
      set: { baseVersion, sequence, content, updatedAt: sql`now()` },
      setWhere: lt(drafts.sequence, sequence),
    })
    .returning({ promptId: drafts.promptId });
  return rows.length > 0;
}

/** Prompt id -> the annotator's draft. */
export async function draftsBy(
  db: Database,
  annotatorId: string,
  promptIds: readonly PromptId[],
): Promise<Map<string, Draft>> {
  if (promptIds.length === 0) return new Map();
  const rows = await db
    .select()
    .from(drafts)
    .where(and(eq(drafts.annotatorId, annotatorId), inArray(drafts.promptId, [...promptIds])));
  return new Map(
    rows.map(({ promptId, baseVersion, sequence, content }) => [
      promptId,
      { baseVersion, sequence, content: content as BoardContent },
    ]),
  );
}

export async function deleteDraft(db: Database, annotatorId: string, promptId: PromptId): Promise<void> {
  await db.delete(drafts).where(and(eq(drafts.annotatorId, annotatorId), eq(drafts.promptId, promptId)));
}
