import { and, asc, eq, gt, gte, inArray, lt, sql } from 'drizzle-orm';
import { annotations, promptCoverage, prompts } from '@/drizzle/schema';
import type { PromptId } from '@/trainer/contract/ids';
import type { Database } from './client';
import type { PromptRow } from './prompts';

export interface JudgedPromptRow {
  prompt: PromptRow;
  /** Whether a reviewer's decision is in force. */
  isDecided: boolean;
}

/**
 * A prompt that somebody has judged, and whose judgements count. Gold prompts are left out: annotators are shown the
 * answers to them, so what they say of them is not independent. So are withdrawn ones, of which nothing counts.
 */
export const isCounting = () =>
  sql`${promptCoverage.judged} > 0 and not ${promptCoverage.isGold} and not ${promptCoverage.isWithdrawn}`;

/** The next prompts after a position (-1 for the first) whose judgements count, in import order. */
export async function judgedPromptsAfter(
  db: Database,
  projectId: string,
  position: number,
  limit: number,
): Promise<JudgedPromptRow[]> {
  const next = await db
    .select({ id: promptCoverage.promptId, decidedAt: promptCoverage.decidedAt })
    .from(promptCoverage)
    .where(and(eq(promptCoverage.projectId, projectId), gt(promptCoverage.position, position), isCounting()))
    .orderBy(asc(promptCoverage.position))
    .limit(limit);
  if (next.length === 0) return [];
  const decided = new Map(next.map(({ id, decidedAt }) => [id, decidedAt !== null]));
  const rows = await db
    .select()
    .from(prompts)
    .where(inArray(prompts.id, [...decided.keys()]))
    .orderBy(asc(prompts.position));
  return rows.map((prompt) => ({ prompt, isDecided: decided.get(prompt.id) === true }));
}

/** How far some of a project's prompts, by position, are covered; gold and withdrawn ones are left out. */
export async function coverageBetween(db: Database, projectId: string, from: number, to: number) {
  const sum = (amount: ReturnType<typeof sql>) => sql<number>`cast(coalesce(sum(${amount}), 0) as integer)`;
  const wanted = sql`coalesce(${promptCoverage.wanted}, 1)`;
  // Those who are asked again have yet to judge the prompt as it is now.
  const judged = sql`greatest(${promptCoverage.judged} - ${promptCoverage.outsideOverlap} - ${promptCoverage.reopened}, 0)`;
  const [row] = await db
    .select({
      prompts: sum(sql`1`),
      judged: sum(sql`least(${judged}, 1)`),
      wanted: sum(wanted),
      done: sum(sql`least(${judged}, ${wanted})`),
    })
    .from(promptCoverage)
    .where(
      and(
        eq(promptCoverage.projectId, projectId),
        gte(promptCoverage.position, from),
        lt(promptCoverage.position, to),
        sql`not ${promptCoverage.isGold} and not ${promptCoverage.isWithdrawn}`,
      ),
    );
  return row!;
}

/** When each annotator saved the first version on each of these prompts; the key is `beganKey`. */
export async function beganOn(db: Database, promptIds: readonly PromptId[]): Promise<Map<string, Date>> {
  if (promptIds.length === 0) return new Map();
  const rows = await db
    .select({ promptId: annotations.promptId, annotatorId: annotations.annotatorId, createdAt: annotations.createdAt })
    .from(annotations)
    .where(and(inArray(annotations.promptId, [...promptIds]), eq(annotations.version, 1)));
  return new Map(rows.map(({ promptId, annotatorId, createdAt }) => [beganKey(promptId, annotatorId), createdAt]));
}
export const beganKey = (promptId: PromptId, annotatorId: string): string => `${promptId} ${annotatorId}`;
