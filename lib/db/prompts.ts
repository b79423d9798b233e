import { and, asc, eq, gt, inArray, isNull, ne, notExists, notInArray, type SQL, sql } from 'drizzle-orm';
import {
  annotationHeads,
  annotations,
  annotatorTallies,
  projects,
  promptMarks,
  prompts,
  responses,
  withdrawnPositions,
} from '@/drizzle/schema';
import type { ExternalPromptId, PromptId } from '@/trainer/contract/ids';
import type { Database } from './client';
import { readsLanguage } from './prompt-languages';
import { isPublished, isPublishedResponse, publishedCounts } from './published';

export type PromptRow = typeof prompts.$inferSelect;
export type ResponseRow = typeof responses.$inferSelect;

/** Rows per statement: PostgreSQL allows at most 65,535 parameters in one. */
const ROWS_PER_STATEMENT = 500;

export function* chunks<T>(items: readonly T[]): Generator<T[]> {
  for (let start = 0; start < items.length; start += ROWS_PER_STATEMENT)
    yield items.slice(start, start + ROWS_PER_STATEMENT);
}

/** External id -> content hash, for those that the project has. */
export async function contentHashes(
  db: Database,
  projectId: string,
  externalIds: readonly ExternalPromptId[],
): Promise<Map<string, string>> {
  const hashes = new Map<string, string>();
  for (const chunk of chunks(externalIds)) {
    const rows = await db
      .select({ externalId: prompts.externalId, contentHash: prompts.contentHash })
      .from(prompts)
      .where(and(isPublished(projectId), inArray(prompts.externalId, chunk)));
    for (const row of rows) hashes.set(row.externalId, row.contentHash);
  }
  return hashes;
}

export async function promptsByExternalId(
  db: Database,
  projectId: string,
  externalIds: readonly ExternalPromptId[],
): Promise<Map<string, PromptRow>> {
  const found = new Map<string, PromptRow>();
  for (const chunk of chunks(externalIds)) {
    const rows = await db
      .select()
      .from(prompts)
      .where(and(isPublished(projectId), inArray(prompts.externalId, chunk)));
    for (const row of rows) found.set(row.externalId, row);
  }
  return found;
}

/** The ids among these that are prompts of the project. */
export async function promptIdsOfProject(
  db: Database,
  projectId: string,
  promptIds: readonly PromptId[],
): Promise<Set<string>> {
  const found = new Set<string>();
  for (const chunk of chunks(promptIds)) {
    const rows = await db
      .select({ id: prompts.id })
      .from(prompts)
      .where(and(isPublished(projectId), inArray(prompts.id, chunk)));
    for (const { id } of rows) found.add(id);
  }
  return found;
}

/** The ids among these of prompts that somebody has annotated. */
export async function annotatedAmong(db: Database, promptIds: readonly PromptId[]): Promise<Set<string>> {
  if (promptIds.length === 0) return new Set();
  const rows = await db
    .selectDistinct({ id: annotations.promptId })
    .from(annotations)
    .where(inArray(annotations.promptId, [...promptIds]));
  return new Set(rows.map(({ id }) => id));
}

export async function promptOfProject(
  db: Database,
  projectId: string,
  promptId: PromptId,
): Promise<PromptRow | undefined> {
  const [row] = await db
    .select()
    .from(prompts)
    .where(and(eq(prompts.id, promptId), isPublished(projectId)));
  return row;
}

/** Serialises concurrent transactions that judge, skip or extend these prompts. */
export async function lockPrompts(tx: Database, promptIds: readonly PromptId[]): Promise<void> {
  for (const chunk of chunks(promptIds)) {
    await tx
      .select({ id: prompts.id })
      .from(prompts)
      .where(inArray(prompts.id, chunk))
      .orderBy(asc(prompts.id))
      .for('no key update');
  }
}

/** @returns how many had another priority */
export async function setPriorityOf(tx: Database, promptIds: readonly PromptId[], priority: number): Promise<number> {
  const rows = await tx
    .update(prompts)
    .set({ priority })
    .where(and(inArray(prompts.id, [...promptIds]), ne(prompts.priority, priority)))
    .returning({ id: prompts.id });
  return rows.length;
}

/** The next prompts after a position (-1 for the first), in import order. */
export function promptsAfter(db: Database, projectId: string, position: number, limit: number): Promise<PromptRow[]> {
  return db
    .select()
    .from(prompts)
    .where(and(isPublished(projectId), gt(prompts.position, position)))
    .orderBy(asc(prompts.position))
    .limit(limit);
}

/** Those of them that are in use. */
export function promptsInUseAfter(
  db: Database,
  projectId: string,
  position: number,
  limit: number,
): Promise<PromptRow[]> {
  return db
    .select()
    .from(prompts)
    .where(and(isPublished(projectId), gt(prompts.position, position), isNull(prompts.withdrawnAt)))
    .orderBy(asc(prompts.position))
    .limit(limit);
}

const withdrawnIn = (db: Database, projectId: string) =>
  sql`coalesce(${db
    .select({ positions: withdrawnPositions.positions })
    .from(withdrawnPositions)
    .where(eq(withdrawnPositions.projectId, projectId))}, '{}')`;

/** How many prompts the annotator was to judge and now is not, since they are withdrawn. */
export async function countWithdrawnFrom(db: Database, projectId: string, annotatorId: string): Promise<number> {
  const positions = sql`${withdrawnIn(db, projectId)} - ${settledBy(db, projectId, annotatorId)}`;
  const { rows } = (await db.execute(
    sql`select coalesce(sum(upper(gap) - lower(gap)), 0)::int as n from unnest(${positions}) gaps (gap)`,
  )) as unknown as { rows: [{ n: number }] };
  return rows[0].n;
}

const settledBy = (db: Database, projectId: string, annotatorId: string) =>
  sql`coalesce(${db
    .select({ settled: annotatorTallies.settled })
    .from(annotatorTallies)
    .where(and(eq(annotatorTallies.projectId, projectId), eq(annotatorTallies.annotatorId, annotatorId)))}, '{}')`;

/**
 * The first prompts in import order that the annotator has neither finished nor skipped, except those in `exclude`. It
 * searches the gaps between settled and withdrawn positions, so that such prompts cost nothing.
 */
export async function promptsToAnnotate(
  db: Database,
  projectId: string,
  annotatorId: string,
  exclude: readonly string[],
  limit: number,
): Promise<PromptRow[]> {
  const all = db
    .select({ range: sql`int4multirange(int4range(0, ${projects.promptCount}))` })
    .from(projects)
    .where(eq(projects.id, projectId));
  // Every gap contains a prompt, so one more gap for each excluded prompt is enough.
  const gaps = sql`(select gap from unnest((${all}) - ${settledBy(db, projectId, annotatorId)} - ${withdrawnIn(db, projectId)}) with ordinality as gaps (gap, nth)
    where nth <= ${limit + exclude.length})`;
  const inGap = db
    .select({ id: prompts.id, position: prompts.position })
    .from(prompts)
    .where(
      and(
        eq(prompts.projectId, projectId),
        sql`${prompts.position} >= lower(gap) and ${prompts.position} < upper(gap)`,
        exclude.length > 0 ? notInArray(prompts.id, [...exclude]) : undefined,
      ),
    )
    .orderBy(asc(prompts.position))
    .limit(limit)
    .as('in_gap');
  const next = db
    .select({ id: inGap.id })
    .from(sql`${gaps} gaps`)
    .crossJoinLateral(inGap)
    .orderBy(asc(inGap.position))
    .limit(limit);
  return db.select().from(prompts).where(inArray(prompts.id, next)).orderBy(asc(prompts.position));
}

/** The prompts among these that the annotator reads and has neither finished nor skipped, in import order. */
export async function unsettledAmong(
  db: Database,
  { annotatorId, languages }: { annotatorId: string; languages: readonly string[] },
  promptIds: readonly PromptId[],
  limit: number,
): Promise<PromptRow[]> {
  if (promptIds.length === 0) return [];
  const finished = db
    .select({ promptId: annotationHeads.promptId })
    .from(annotationHeads)
    .where(
      and(
        eq(annotationHeads.promptId, prompts.id),
        eq(annotationHeads.annotatorId, annotatorId),
        annotationHeads.finished,
      ),
    );
  const skipped = db
    .select({ promptId: promptMarks.promptId })
    .from(promptMarks)
    .where(
      and(
        eq(promptMarks.promptId, prompts.id),
        eq(promptMarks.annotatorId, annotatorId),
        eq(promptMarks.kind, 'skipped'),
      ),
    );
  return db
    .select()
    .from(prompts)
    .where(
      and(
        inArray(prompts.id, [...promptIds]),
        readsLanguage(languages, prompts.language),
        notExists(finished),
        notExists(skipped),
      ),
    )
    .orderBy(asc(prompts.position))
    .limit(limit);
}

/** Prompt id -> its responses in import order, without withdrawn ones. */
export const responsesOfPrompts = (db: Database, promptIds: readonly PromptId[]) =>
  responsesWhere(db, promptIds, isNull(responses.withdrawnAt));

/** Prompt id -> its responses in import order, withdrawn ones among them. */
export const everyResponseOf = (db: Database, promptIds: readonly PromptId[]) =>
  responsesWhere(db, promptIds, undefined);

async function responsesWhere(
  db: Database,
  promptIds: readonly PromptId[],
  which: SQL | undefined,
): Promise<Map<string, ResponseRow[]>> {
  const byPrompt = new Map<string, ResponseRow[]>(promptIds.map((id) => [id, []]));
  for (const chunk of chunks(promptIds)) {
    const rows = await db
      .select()
      .from(responses)
      .where(and(inArray(responses.promptId, chunk), isPublishedResponse(), which))
      .orderBy(asc(responses.position));
    for (const row of rows) byPrompt.get(row.promptId)!.push(row);
  }
  return byPrompt;
}

export async function countPrompts(db: Database, projectId: string): Promise<number> {
  return (await publishedCounts(db, projectId)).prompts;
}
