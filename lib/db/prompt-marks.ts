import { and, desc, eq, inArray } from 'drizzle-orm';
import { markChanges, promptMarks, prompts, users } from '@/drizzle/schema';
import type { MarkKind } from '@/lib/schemas/prompt-mark';
import type { PromptId } from '@/trainer/contract/ids';
import type { Database } from './client';

export type NewMark = Omit<typeof promptMarks.$inferInsert, 'createdAt' | 'resolvedAt' | 'resolvedBy' | 'resolution'>;

/**
 * Records a change of a mark in the transaction that applies it. A concurrent request with the same key waits here
 * until the transaction ends.
 * @returns false when the change was applied before
 */
export async function recordMarkChange(
  tx: Database,
  change: Omit<typeof markChanges.$inferInsert, 'createdAt'>,
): Promise<boolean> {
  const rows = await tx.insert(markChanges).values(change).onConflictDoNothing().returning();
  return rows.length > 0;
}

/** Stores a mark. It replaces an earlier one of its kind by the same person, and is unresolved. */
export async function upsertMark(db: Database, mark: NewMark): Promise<void> {
  const { reason = null, note = '' } = mark;
  await db
    .insert(promptMarks)
    .values(mark)
    .onConflictDoUpdate({
      target: [promptMarks.promptId, promptMarks.annotatorId, promptMarks.kind],
      set: { reason, note, resolvedAt: null, resolvedBy: null, resolution: '' },
    });
}

/** @param by who resolved the flag, and what that person said of it; null reopens it. @returns false where there is no such flag */
export async function resolveFlag(
  db: Database,
  flag: { projectId: string; promptId: PromptId; annotatorId: string },
  by: { userId: string; resolution: string } | null,
): Promise<boolean> {
  const rows = await db
    .update(promptMarks)
    .set({
      resolvedAt: by === null ? null : new Date(),
      resolvedBy: by?.userId ?? null,
      resolution: by?.resolution ?? '',
    })
    .where(
      and(
        eq(promptMarks.projectId, flag.projectId),
        eq(promptMarks.promptId, flag.promptId),
        eq(promptMarks.annotatorId, flag.annotatorId),
        eq(promptMarks.kind, 'flagged'),
      ),
    )
    .returning();
  return rows.length > 0;
}

export async function deleteMark(db: Database, promptId: PromptId, annotatorId: string, kind: MarkKind): Promise<void> {
  await db
    .delete(promptMarks)
    .where(
      and(eq(promptMarks.promptId, promptId), eq(promptMarks.annotatorId, annotatorId), eq(promptMarks.kind, kind)),
    );
}

/** The ids of those among these prompts that the person has marked with this kind. */
export async function markedBy(
  db: Database,
  annotatorId: string,
  promptIds: readonly PromptId[],
  kind: MarkKind,
): Promise<Set<string>> {
  if (promptIds.length === 0) return new Set();
  const rows = await db
    .select({ promptId: promptMarks.promptId })
    .from(promptMarks)
    .where(
      and(
        eq(promptMarks.annotatorId, annotatorId),
        eq(promptMarks.kind, kind),
        inArray(promptMarks.promptId, [...promptIds]),
      ),
    );
  return new Set(rows.map(({ promptId }) => promptId));
}

/** Longer lists would not be read. */
const MAX_LISTED = 200;

/** The project's newest marks: everybody's, or one person's, of all prompts or of one. */
export function marksOfProject(
  db: Database,
  projectId: string,
  { annotatorId, promptId }: { annotatorId?: string; promptId?: string },
) {
  return db
    .select({
      promptId: promptMarks.promptId,
      annotatorId: promptMarks.annotatorId,
      externalId: prompts.externalId,
      kind: promptMarks.kind,
      reason: promptMarks.reason,
      note: promptMarks.note,
      createdAt: promptMarks.createdAt,
      resolvedAt: promptMarks.resolvedAt,
      resolution: promptMarks.resolution,
      annotator: users.name,
    })
    .from(promptMarks)
    .innerJoin(prompts, eq(prompts.id, promptMarks.promptId))
    .innerJoin(users, eq(users.id, promptMarks.annotatorId))
    .where(
      and(
        eq(promptMarks.projectId, projectId),
        annotatorId === undefined ? undefined : eq(promptMarks.annotatorId, annotatorId),
        promptId === undefined ? undefined : eq(promptMarks.promptId, promptId),
      ),
    )
    .orderBy(desc(promptMarks.createdAt), prompts.externalId)
    .limit(MAX_LISTED);
}
