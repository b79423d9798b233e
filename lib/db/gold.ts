import { and, asc, eq, inArray } from 'drizzle-orm';
import { goldPrompts, prompts } from '@/drizzle/schema';
import type { PromptId } from '@/trainer/contract/ids';
import type { Database } from './client';

export type GoldRow = typeof goldPrompts.$inferSelect;

/** Makes a prompt gold, or gives it new expected tiers. */
export async function upsertGold(
  db: Database,
  gold: Omit<typeof goldPrompts.$inferInsert, 'createdAt'>,
): Promise<void> {
  const { expected, explanation, createdBy } = gold;
  await db
    .insert(goldPrompts)
    .values(gold)
    .onConflictDoUpdate({ target: goldPrompts.promptId, set: { expected, explanation, createdBy } });
}

export async function deleteGold(db: Database, projectId: string, promptId: PromptId): Promise<void> {
  await db.delete(goldPrompts).where(and(eq(goldPrompts.promptId, promptId), eq(goldPrompts.projectId, projectId)));
}

/** The project's gold prompts in import order. */
export function goldOfProject(db: Database, projectId: string) {
  return db
    .select({ gold: goldPrompts, externalId: prompts.externalId, withdrawnAt: prompts.withdrawnAt })
    .from(goldPrompts)
    .innerJoin(prompts, eq(prompts.id, goldPrompts.promptId))
    .where(eq(goldPrompts.projectId, projectId))
    .orderBy(asc(prompts.position));
}

export async function goldAmong(db: Database, promptIds: readonly PromptId[]): Promise<Map<string, GoldRow>> {
  if (promptIds.length === 0) return new Map();
  const rows = await db
    .select()
    .from(goldPrompts)
    .where(inArray(goldPrompts.promptId, [...promptIds]));
  return new Map(rows.map((row) => [row.promptId, row]));
}

export async function goldIds(db: Database, projectId: string): Promise<Set<string>> {
  const rows = await db
    .select({ promptId: goldPrompts.promptId })
    .from(goldPrompts)
    .where(eq(goldPrompts.projectId, projectId));
  return new Set(rows.map(({ promptId }) => promptId));
}
