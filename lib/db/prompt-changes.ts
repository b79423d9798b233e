/** What researchers changed of prompts after their import: texts as they were, and what is withdrawn. */
import { and, asc, count, desc, eq, inArray, sql } from 'drizzle-orm';
import { annotationHeads, drafts, promptChanges, prompts, responses, snapshots, users } from '@/drizzle/schema';
import type { PromptId, ResponseId } from '@/trainer/contract/ids';
import type { ChatMessage } from '@/trainer/contract/record';
import type { Database } from './client';

type PromptChangeRow = typeof promptChanges.$inferSelect;

/** Prompt id -> its corrections, the oldest first; prompts without any are missing. */
export async function correctionsOf(
  db: Database,
  promptIds: readonly PromptId[],
): Promise<Map<string, PromptChangeRow[]>> {
  if (promptIds.length === 0) return new Map();
  const rows = await db
    .select()
    .from(promptChanges)
    .where(and(inArray(promptChanges.promptId, [...promptIds]), eq(promptChanges.kind, 'corrected')))
    .orderBy(asc(promptChanges.textVersion));
  const byPrompt = new Map<string, PromptChangeRow[]>();
  for (const row of rows) byPrompt.set(row.promptId, [...(byPrompt.get(row.promptId) ?? []), row]);
  return byPrompt;
}

/** Everything that was changed of a prompt, the newest first. */
export function changesOfPrompt(db: Database, promptId: PromptId) {
  return db
    .select({ change: promptChanges, by: users.name, response: responses.externalId })
    .from(promptChanges)
    .innerJoin(users, eq(users.id, promptChanges.changedBy))
    .leftJoin(responses, eq(responses.id, promptChanges.responseId))
    .where(eq(promptChanges.promptId, promptId))
    .orderBy(desc(promptChanges.createdAt))
    .limit(200);
}

export async function insertPromptChange(
  tx: Database,
  change: Omit<typeof promptChanges.$inferInsert, 'id' | 'createdAt'>,
): Promise<void> {
  await tx.insert(promptChanges).values(change);
}

/** The newest change of a project's prompts, by which it is known whether there was another since. */
export async function newestChange(db: Database, projectId: string): Promise<string | null> {
  const [row] = await db
    .select({ id: promptChanges.id })
    .from(promptChanges)
    .where(eq(promptChanges.projectId, projectId))
    .orderBy(desc(promptChanges.createdAt))
    .limit(1);
  return row?.id ?? null;
}

/** Gives the prompt the next version of its texts. @param judgeAgain nothing said of the versions before counts */
export async function raiseTextVersion(tx: Database, promptId: PromptId, judgeAgain: boolean): Promise<void> {
  await tx
    .update(prompts)
    .set({
      textVersion: sql`${prompts.textVersion} + 1`,
      ...(judgeAgain ? { judgedFrom: sql`${prompts.textVersion} + 1` } : {}),
    })
    .where(eq(prompts.id, promptId));
}

export async function setMessages(tx: Database, promptId: PromptId, messages: ChatMessage[]): Promise<void> {
  await tx.update(prompts).set({ messages }).where(eq(prompts.id, promptId));
}

export async function setResponseText(tx: Database, responseId: ResponseId, text: string): Promise<void> {
  await tx.update(responses).set({ text }).where(eq(responses.id, responseId));
}

export async function setPromptWithdrawn(tx: Database, promptId: PromptId, withdrawn: boolean): Promise<void> {
  await tx
    .update(prompts)
    .set({ withdrawnAt: withdrawn ? new Date() : null })
    .where(eq(prompts.id, promptId));
}

export async function setResponseWithdrawn(tx: Database, responseId: ResponseId, withdrawn: boolean): Promise<void> {
  await tx
    .update(responses)
    .set(withdrawn ? { withdrawnAt: new Date() } : { withdrawnAt: null, restoredAt: new Date() })
    .where(eq(responses.id, responseId));
}

/** What a change would touch: people's annotations that count, what they have begun, and snapshots that stay as they are. */
export async function reachOfChange(db: Database, projectId: string, promptId: PromptId) {
  const [judged] = await db
    .select({ n: sql<number>`cast(count(*) filter (where ${annotationHeads.finished}) as integer)` })
    .from(annotationHeads)
    .where(eq(annotationHeads.promptId, promptId));
  const [begun] = await db.select({ n: count() }).from(drafts).where(eq(drafts.promptId, promptId));
  const [kept] = await db
    .select({ n: count() })
    .from(snapshots)
    .where(and(eq(snapshots.projectId, projectId), snapshots.sealed));
  return { judged: judged?.n ?? 0, drafts: begun?.n ?? 0, snapshots: kept?.n ?? 0 };
}
