/**
 * Reads the counters that the triggers of the migration kept_counts maintain; few rows are read, however large the
 * project.
 */

import { and, asc, count, eq, gt, inArray, type SQLWrapper, sql } from 'drizzle-orm';
import { annotationHeads, annotations, annotatorPaces, annotatorTallies, goldPrompts, users } from '@/drizzle/schema';
import { durationQuantile } from '@/lib/ranking/work/durations';
import type { AnnotatorKind } from '@/lib/schemas/annotator-kinds';
import type { PromptId } from '@/trainer/contract/ids';
import type { Database } from './client';

export type TallyRow = typeof annotatorTallies.$inferSelect;

/** One person's totals in a project; null before the first annotation. */
export async function tallyOf(db: Database, projectId: string, annotatorId: string): Promise<TallyRow | null> {
  const ofPerson = and(eq(annotatorTallies.projectId, projectId), eq(annotatorTallies.annotatorId, annotatorId));
  const [row] = await db.select().from(annotatorTallies).where(ofPerson);
  return row ?? null;
}

/** The totals of everybody who has annotated in the project, imported annotators included. */
export function talliesOfProject(
  db: Database,
  projectId: string,
): Promise<{ tally: TallyRow; name: string; kind: AnnotatorKind }[]> {
  return db
    .select({ tally: annotatorTallies, name: users.name, kind: users.kind })
    .from(annotatorTallies)
    .innerJoin(users, eq(users.id, annotatorTallies.annotatorId))
    .where(and(eq(annotatorTallies.projectId, projectId), gt(annotatorTallies.prompts, 0)));
}

/** Annotator id -> name. */
export const namesIn = (tallies: Awaited<ReturnType<typeof talliesOfProject>>): Record<string, string> =>
  Object.fromEntries(tallies.map(({ tally, name }) => [tally.annotatorId, name]));

/** Project id -> the totals of all annotators together, for projects that have any. */
export async function sumTallies(db: Database, projectIds: readonly string[]) {
  if (projectIds.length === 0) return new Map<string, never>();
  const sum = (column: SQLWrapper) => sql<number>`cast(sum(${column}) as integer)`;
  const rows = await db
    .select({
      projectId: annotatorTallies.projectId,
      annotators: count(),
      versions: sum(annotatorTallies.versions),
      judgedPrompts: sum(annotatorTallies.firstOfPrompt),
    })
    .from(annotatorTallies)
    .where(and(inArray(annotatorTallies.projectId, [...projectIds]), gt(annotatorTallies.prompts, 0)))
    .groupBy(annotatorTallies.projectId);
  return new Map(rows.map((row) => [row.projectId, row]));
}

/** Project id -> how many of its prompts the person has finished. */
export async function finishedIn(db: Database, annotatorId: string, projectIds: readonly string[]) {
  if (projectIds.length === 0) return new Map<string, number>();
  const rows = await db
    .select({ projectId: annotatorTallies.projectId, finished: annotatorTallies.finished })
    .from(annotatorTallies)
    .where(and(eq(annotatorTallies.annotatorId, annotatorId), inArray(annotatorTallies.projectId, [...projectIds])));
  return new Map(rows.map(({ projectId, finished }) => [projectId, finished]));
}

/** The ids among these of prompts that the person has judged, in any version. */
export async function judgedAmong(db: Database, annotatorId: string, promptIds: readonly PromptId[]) {
  if (promptIds.length === 0) return new Set<string>();
  const rows = await db
    .select({ promptId: annotationHeads.promptId })
    .from(annotationHeads)
    .where(and(eq(annotationHeads.annotatorId, annotatorId), inArray(annotationHeads.promptId, [...promptIds])));
  return new Set(rows.map(({ promptId }) => promptId));
}

/** Annotator id -> how long his or her prompts took: the longest time of each, to the second. */
export async function durationsOf(
  db: Database,
  projectId: string,
  annotatorId?: string,
): Promise<Map<string, { seconds: number; prompts: number }[]>> {
  const rows = await db
    .select()
    .from(annotatorPaces)
    .where(
      and(
        eq(annotatorPaces.projectId, projectId),
        annotatorId === undefined ? undefined : eq(annotatorPaces.annotatorId, annotatorId),
        gt(annotatorPaces.prompts, 0),
      ),
    )
    .orderBy(asc(annotatorPaces.seconds));
  const durations = new Map<string, { seconds: number; prompts: number }[]>();
  for (const { annotatorId: id, seconds, prompts } of rows) {
    const own = durations.get(id);
    if (own) own.push({ seconds, prompts });
    else durations.set(id, [{ seconds, prompts }]);
  }
  return durations;
}

/** Annotator id -> the median of those times, in milliseconds. */
export async function medianActiveMs(
  db: Database,
  projectId: string,
  annotatorId?: string,
): Promise<Map<string, number>> {
  const durations = await durationsOf(db, projectId, annotatorId);
  return new Map([...durations].map(([id, own]) => [id, durationQuantile(own, 0.5)! * 1000]));
}

/** People's first versions on the project's gold prompts, except those of the author of the expected tiers. */
export function firstVersionsOnGold(db: Database, projectId: string) {
  return db
    .select({
      id: annotations.id,
      annotatorId: annotations.annotatorId,
      createdAt: annotations.createdAt,
      expected: goldPrompts.expected,
    })
    .from(goldPrompts)
    .innerJoin(annotations, eq(annotations.promptId, goldPrompts.promptId))
    .innerJoin(users, and(eq(users.id, annotations.annotatorId), eq(users.kind, 'person')))
    .where(
      and(
        eq(goldPrompts.projectId, projectId),
        eq(annotations.version, 1),
        sql`${annotations.annotatorId} <> ${goldPrompts.createdBy}`,
      ),
    );
}
