import { and, count, desc, eq, inArray, isNull, notInArray } from 'drizzle-orm';
import { prompts, sentBackAnswers } from '@/drizzle/schema';
import type { PromptId } from '@/trainer/contract/ids';
import type { AnnotatorInProject } from './assignments';
import type { Database } from './client';

export type SentBackRow = typeof sentBackAnswers.$inferSelect;

const isOpen = and(isNull(sentBackAnswers.answeredAt), isNull(sentBackAnswers.withdrawnAt));

const isOpenTo = ({ projectId, annotatorId }: AnnotatorInProject) =>
  and(eq(sentBackAnswers.projectId, projectId), eq(sentBackAnswers.annotatorId, annotatorId), isOpen);

/** Prompts whose answers wait for the annotator, the oldest first. */
export async function promptsSentBackTo(
  db: Database,
  place: AnnotatorInProject,
  exclude: readonly PromptId[],
  limit: number,
): Promise<PromptId[]> {
  const rows = await db
    .select({ promptId: sentBackAnswers.promptId })
    .from(sentBackAnswers)
    .where(and(isOpenTo(place), exclude.length > 0 ? notInArray(sentBackAnswers.promptId, [...exclude]) : undefined))
    .orderBy(sentBackAnswers.createdAt)
    .limit(limit);
  return rows.map(({ promptId }) => promptId);
}

/** How many answers wait for the annotator. */
export async function countSentBackTo(db: Database, place: AnnotatorInProject): Promise<number> {
  const [row] = await db
    .select({ n: count() })
    .from(sentBackAnswers)
    .innerJoin(prompts, eq(prompts.id, sentBackAnswers.promptId))
    .where(and(isOpenTo(place), isNull(prompts.withdrawnAt)));
  return row?.n ?? 0;
}

/** The answers that wait for the annotator, each with its note, the oldest first. */
export function answersSentBackTo(db: Database, place: AnnotatorInProject, limit: number) {
  return db
    .select({
      promptId: sentBackAnswers.promptId,
      externalId: prompts.externalId,
      note: sentBackAnswers.note,
      at: sentBackAnswers.createdAt,
    })
    .from(sentBackAnswers)
    .innerJoin(prompts, eq(prompts.id, sentBackAnswers.promptId))
    .where(and(isOpenTo(place), isNull(prompts.withdrawnAt)))
    .orderBy(sentBackAnswers.createdAt)
    .limit(limit);
}

/** Prompt id -> the note that waits for the annotator there. */
export async function openNotesTo(
  db: Database,
  annotatorId: string,
  promptIds: readonly PromptId[],
): Promise<Map<PromptId, { note: string; at: string }>> {
  if (promptIds.length === 0) return new Map();
  const rows = await db
    .select()
    .from(sentBackAnswers)
    .where(
      and(eq(sentBackAnswers.annotatorId, annotatorId), inArray(sentBackAnswers.promptId, [...promptIds]), isOpen),
    );
  return new Map(rows.map(({ promptId, note, createdAt }) => [promptId, { note, at: createdAt.toISOString() }]));
}

/** Everything that was sent back on these prompts, newest first. */
export async function sentBackOn(db: Database, promptIds: readonly PromptId[]): Promise<SentBackRow[]> {
  if (promptIds.length === 0) return [];
  return db
    .select()
    .from(sentBackAnswers)
    .where(inArray(sentBackAnswers.promptId, [...promptIds]))
    .orderBy(desc(sentBackAnswers.createdAt), desc(sentBackAnswers.id));
}

export async function insertSentBack(
  tx: Database,
  values: Pick<SentBackRow, 'projectId' | 'promptId' | 'annotatorId' | 'annotationId' | 'note' | 'sentBy'>,
): Promise<void> {
  await tx.insert(sentBackAnswers).values(values);
}

/** The annotator has saved a new version: whatever was sent back on the prompt is answered. */
export async function noteAnswered(tx: Database, promptId: PromptId, annotatorId: string): Promise<void> {
  await tx
    .update(sentBackAnswers)
    .set({ answeredAt: new Date() })
    .where(and(eq(sentBackAnswers.promptId, promptId), eq(sentBackAnswers.annotatorId, annotatorId), isOpen));
}

export async function sentBackById(tx: Database, projectId: string, id: string): Promise<SentBackRow | null> {
  const [row] = await tx
    .select()
    .from(sentBackAnswers)
    .where(and(eq(sentBackAnswers.id, id), eq(sentBackAnswers.projectId, projectId)))
    .for('update');
  return row ?? null;
}

export async function withdrawSentBack(tx: Database, id: string): Promise<void> {
  await tx.update(sentBackAnswers).set({ withdrawnAt: new Date() }).where(eq(sentBackAnswers.id, id));
}
