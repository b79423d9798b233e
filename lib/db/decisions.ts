/** Decisions of reviewers, the queue of prompts that wait for one, and those that are decided. */
import { and, desc, eq, inArray, ne, type SQL, sql } from 'drizzle-orm';
import { decisionPlacements, decisions, promptCoverage, prompts, users } from '@/drizzle/schema';
import type { PromptId } from '@/trainer/contract/ids';
import type { Placement } from '@/trainer/contract/judgement';
import type { Database } from './client';
import { isVisibleIn, type MvccSnapshot } from './mvcc-snapshot';

export interface Decision extends Omit<typeof decisions.$inferSelect, 'projectId'> {
  reviewerName: string;
  placements: Placement[];
}

/** Appends a version, and notes whether the prompt is decided now. The prompt is locked. */
export async function insertDecision(
  tx: Database,
  decision: Omit<typeof decisions.$inferInsert, 'id' | 'createdAt'>,
  placed: readonly Placement[],
): Promise<void> {
  const [row] = await tx.insert(decisions).values(decision).returning();
  if (placed.length > 0) {
    await tx.insert(decisionPlacements).values(placed.map((placement) => ({ decisionId: row!.id, ...placement })));
  }
  await tx
    .update(promptCoverage)
    .set({ decidedAt: decision.kind === 'decided' ? row!.createdAt : null })
    .where(eq(promptCoverage.promptId, decision.promptId));
}

/** Every version on these prompts, the newest of each prompt first; now or as an MVCC snapshot saw them. */
export async function decisionsOn(
  db: Database,
  promptIds: readonly PromptId[],
  mvccSnapshot?: MvccSnapshot,
): Promise<Decision[]> {
  if (promptIds.length === 0) return [];
  return decisionsWhere(
    db,
    and(
      inArray(decisions.promptId, [...promptIds]),
      mvccSnapshot === undefined ? undefined : isVisibleIn(decisions, mvccSnapshot),
    ),
  );
}

export async function decisionByKey(db: Database, reviewerId: string, key: string): Promise<Decision | undefined> {
  const where = and(eq(decisions.reviewerId, reviewerId), eq(decisions.idempotencyKey, key));
  return (await decisionsWhere(db, where))[0];
}

async function decisionsWhere(db: Database, where: SQL | undefined): Promise<Decision[]> {
  const rows = await db
    .select({ decision: decisions, reviewerName: users.name })
    .from(decisions)
    .innerJoin(users, eq(users.id, decisions.reviewerId))
    .where(where)
    .orderBy(decisions.promptId, desc(decisions.version));
  if (rows.length === 0) return [];
  const placed = new Map<string, Placement[]>(rows.map(({ decision }) => [decision.id, []]));
  const ids = [...placed.keys()];
  for (const { decisionId, ...placement } of await db
    .select()
    .from(decisionPlacements)
    .where(inArray(decisionPlacements.decisionId, ids))) {
    placed.get(decisionId)!.push(placement as Placement);
  }
  return rows.map(({ decision: { projectId: _, ...decision }, reviewerName }) => ({
    ...decision,
    reviewerName,
    placements: placed.get(decision.id)!,
  }));
}

/** Prompt id -> the decision in force, where there is one. */
export async function decisionsInForce(
  db: Database,
  promptIds: readonly PromptId[],
  mvccSnapshot?: MvccSnapshot,
): Promise<Map<PromptId, Decision>> {
  const inForce = new Map<PromptId, Decision>();
  for (const decision of (await decisionsOn(db, promptIds, mvccSnapshot)).reverse()) {
    if (decision.kind === 'decided') inForce.set(decision.promptId, decision);
    else inForce.delete(decision.promptId);
  }
  return inForce;
}

/** Where a page of a list ends: the number by which it is sorted, and the prompt. */
export interface ListKey {
  key: number;
  promptId: string;
}

const listed = {
  promptId: promptCoverage.promptId,
  externalId: prompts.externalId,
  messages: prompts.messages,
  disagreement: sql<number>`coalesce(${promptCoverage.disagreement}, 0)`,
  judged: promptCoverage.judged,
  decidedAt: promptCoverage.decidedAt,
  decidedMicros: sql<string | null>`cast(extract(epoch from ${promptCoverage.decidedAt}) * 1000000 as bigint)::text`,
};

const differsIn = (projectId: string) =>
  and(
    eq(promptCoverage.projectId, projectId),
    sql`${promptCoverage.disagreement} > 0`,
    sql`${promptCoverage.decidedAt} is null`,
    sql`not ${promptCoverage.isGold}`,
    sql`not ${promptCoverage.isWithdrawn}`,
  );

/** Prompts on which annotators differ and nobody has decided, those with the largest difference first. */
export function differingPrompts(db: Database, projectId: string, after: ListKey | null, limit: number) {
  const later =
    after &&
    sql`(${promptCoverage.disagreement}, ${promptCoverage.promptId}) < (${after.key}, ${after.promptId}::uuid)`;
  return db
    .select(listed)
    .from(promptCoverage)
    .innerJoin(prompts, eq(prompts.id, promptCoverage.promptId))
    .where(and(differsIn(projectId), later ?? undefined))
    .orderBy(desc(promptCoverage.disagreement), desc(promptCoverage.promptId))
    .limit(limit);
}

/** Prompts that are decided, the newest decision first; `after.key` is in microseconds since 1970. */
export function decidedPrompts(db: Database, projectId: string, after: ListKey | null, limit: number) {
  const later =
    after &&
    sql`(${promptCoverage.decidedAt}, ${promptCoverage.promptId}) <
      (timestamptz 'epoch' + ${after.key}::bigint * interval '1 microsecond', ${after.promptId}::uuid)`;
  return db
    .select(listed)
    .from(promptCoverage)
    .innerJoin(prompts, eq(prompts.id, promptCoverage.promptId))
    .where(
      and(eq(promptCoverage.projectId, projectId), sql`${promptCoverage.decidedAt} is not null`, later ?? undefined),
    )
    .orderBy(desc(promptCoverage.decidedAt), desc(promptCoverage.promptId))
    .limit(limit);
}

/** The prompt that comes after this one in the queue, or else the first of it. */
export async function nextDiffering(
  db: Database,
  projectId: string,
  promptId: PromptId,
  disagreement: number,
): Promise<PromptId | null> {
  const [next] = await differingPrompts(db, projectId, { key: disagreement, promptId }, 1);
  if (next) return next.promptId;
  const [first] = await db
    .select({ promptId: promptCoverage.promptId })
    .from(promptCoverage)
    .where(and(differsIn(projectId), ne(promptCoverage.promptId, promptId)))
    .orderBy(desc(promptCoverage.disagreement), desc(promptCoverage.promptId))
    .limit(1);
  return first?.promptId ?? null;
}
