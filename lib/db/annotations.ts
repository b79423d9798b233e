import { and, desc, eq, getTableColumns, gte, inArray, isNotNull, sql } from 'drizzle-orm';
import {
  annotationHeads,
  annotations,
  assignments,
  placements,
  projects,
  prompts,
  responses,
  users,
} from '@/drizzle/schema';
import { collapsePlacements, expandPlacements } from '@/lib/ranking/equal-responses';
import type { AnnotatorKind } from '@/lib/schemas/annotator-kinds';
import type { MomentPlace } from '@/lib/schemas/cursor';
import type { PromptId } from '@/trainer/contract/ids';
import type { Placement } from '@/trainer/contract/judgement';
import type { Database } from './client';
import { isVisibleIn, type MvccSnapshot } from './mvcc-snapshot';
import { newestFirst } from './newest-first';
import { chunks, everyResponseOf } from './prompts';

export type AnnotationRow = typeof annotations.$inferSelect;
export type NewAnnotation = Omit<typeof annotations.$inferInsert, 'id' | 'createdAt'>;
export interface AnnotationWithPlacements extends AnnotationRow {
  placements: Placement[];
}

/** Appends a version with its placements. Call inside a transaction; a version that is taken violates a constraint. */
export async function insertAnnotation(
  tx: Database,
  annotation: NewAnnotation,
  placed: readonly Placement[],
): Promise<AnnotationRow> {
  const [row] = await tx.insert(annotations).values(annotation).returning();
  await tx.insert(placements).values(placed.map((placement) => ({ annotationId: row!.id, ...placement })));
  return row!;
}

/** Appends versions of several prompts; each has an id of its own. */
export async function insertAnnotations(
  tx: Database,
  added: readonly { annotation: NewAnnotation & { id: string }; placed: readonly Placement[] }[],
): Promise<void> {
  const placed = added.flatMap((one) =>
    one.placed.map((placement) => ({ annotationId: one.annotation.id, ...placement })),
  );
  for (const chunk of chunks(added)) await tx.insert(annotations).values(chunk.map(({ annotation }) => annotation));
  for (const chunk of chunks(placed)) await tx.insert(placements).values(chunk);
}

export async function annotationByKey(
  db: Database,
  annotatorId: string,
  idempotencyKey: string,
): Promise<AnnotationWithPlacements | undefined> {
  const rows = await db
    .select()
    .from(annotations)
    .where(and(eq(annotations.annotatorId, annotatorId), eq(annotations.idempotencyKey, idempotencyKey)));
  return (await withPlacements(db, rows))[0];
}

export async function annotationById(db: Database, projectId: string, id: string): Promise<AnnotationRow | null> {
  const [row] = await db
    .select()
    .from(annotations)
    .where(and(eq(annotations.id, id), eq(annotations.projectId, projectId)));
  return row ?? null;
}

/** The annotator's current versions on these prompts. */
export async function currentAnnotationsBy(
  db: Database,
  annotatorId: string,
  promptIds: readonly PromptId[],
): Promise<AnnotationWithPlacements[]> {
  return currentAnnotationsOf(db, [annotatorId], promptIds);
}

/** Those of several annotators. */
export async function currentAnnotationsOf(
  db: Database,
  annotatorIds: readonly string[],
  promptIds: readonly PromptId[],
): Promise<AnnotationWithPlacements[]> {
  if (promptIds.length === 0 || annotatorIds.length === 0) return [];
  const rows = await db
    .selectDistinctOn([annotations.promptId, annotations.annotatorId])
    .from(annotations)
    .where(and(inArray(annotations.annotatorId, [...annotatorIds]), inArray(annotations.promptId, [...promptIds])))
    .orderBy(annotations.promptId, annotations.annotatorId, desc(annotations.version));
  return withPlacements(db, rows);
}

/** The annotator's first version, which was made before any feedback on it. */
export async function firstAnnotationBy(
  db: Database,
  annotatorId: string,
  promptId: PromptId,
): Promise<AnnotationWithPlacements | undefined> {
  const rows = await db
    .select()
    .from(annotations)
    .where(
      and(eq(annotations.annotatorId, annotatorId), eq(annotations.promptId, promptId), eq(annotations.version, 1)),
    );
  return (await withPlacements(db, rows))[0];
}

export type AnnotationOfKind = AnnotationWithPlacements & { kind: AnnotatorKind };
/** counted: people, and imported annotators where the project says so. */
export type Whose = 'counted' | 'everybody';

/** `countsInConsensus` as a condition. */
const countsHere = sql`case ${users.kind} when 'person' then true when 'model' then ${projects.modelsCountIn} <> 'comparison'
  else ${projects.importedCountIn} <> 'comparison' end`;

/**
 * Current versions on these prompts, now or as an MVCC snapshot saw them, as far as they count: of texts that
 * still hold, and about responses that are in use.
 */
export async function currentAnnotationsOn(
  db: Database,
  promptIds: readonly PromptId[],
  { whose = 'counted', mvccSnapshot }: { whose?: Whose; mvccSnapshot?: MvccSnapshot } = {},
): Promise<AnnotationOfKind[]> {
  if (promptIds.length === 0) return [];
  const rows = await db
    .selectDistinctOn([annotations.promptId, annotations.annotatorId], {
      ...getTableColumns(annotations),
      kind: users.kind,
    })
    .from(annotations)
    .innerJoin(prompts, eq(prompts.id, annotations.promptId))
    .innerJoin(projects, eq(projects.id, annotations.projectId))
    .innerJoin(users, eq(users.id, annotations.annotatorId))
    .where(
      and(
        inArray(annotations.promptId, [...promptIds]),
        gte(annotations.textVersion, prompts.judgedFrom),
        whose === 'everybody' ? undefined : countsHere,
        mvccSnapshot === undefined ? undefined : isVisibleIn(annotations, mvccSnapshot),
      ),
    )
    .orderBy(annotations.promptId, annotations.annotatorId, desc(annotations.version));
  return withoutWithdrawn(db, promptIds, await withPlacements(db, rows));
}

const newest = newestFirst(annotationHeads.createdAt, annotationHeads.promptId);

/** A page of the annotator's current versions in a project, newest first; `after` is where the page before ended, with the prompt's id. */
export function annotationOverviews(
  db: Database,
  projectId: string,
  annotatorId: string,
  { after, limit }: { after: MomentPlace | undefined; limit: number },
) {
  return db
    .select({
      promptId: annotationHeads.promptId,
      externalId: prompts.externalId,
      version: annotationHeads.version,
      createdAt: annotationHeads.createdAt,
      micros: newest.micros,
      allBad: annotations.allBad,
      remarks: annotations.remarks,
      placed: annotationHeads.placed,
      cannotJudge: annotationHeads.cannotJudge,
      notJudged: annotationHeads.notJudged,
    })
    .from(annotationHeads)
    .innerJoin(annotations, eq(annotations.id, annotationHeads.annotationId))
    .innerJoin(prompts, eq(prompts.id, annotationHeads.promptId))
    .where(
      and(
        eq(annotationHeads.projectId, projectId),
        eq(annotationHeads.annotatorId, annotatorId),
        newest.following(after),
      ),
    )
    .orderBy(...newest.order)
    .limit(limit);
}

/** Every version of everybody's annotations on these prompts, by annotator and version. */
export async function allAnnotationsOn(
  db: Database,
  promptIds: readonly PromptId[],
): Promise<(AnnotationOfKind & { annotatorName: string; extra: boolean })[]> {
  if (promptIds.length === 0) return [];
  const rows = await db
    .select({ annotation: annotations, annotatorName: users.name, kind: users.kind, extra: assignments.extra })
    .from(annotations)
    .innerJoin(users, eq(users.id, annotations.annotatorId))
    .leftJoin(
      assignments,
      and(eq(assignments.promptId, annotations.promptId), eq(assignments.annotatorId, annotations.annotatorId)),
    )
    .where(inArray(annotations.promptId, [...promptIds]))
    .orderBy(annotations.promptId, annotations.annotatorId, annotations.version);
  const full = await withPlacements(
    db,
    rows.map(({ annotation }) => annotation),
  );
  return full.map((annotation, i) => {
    const { annotatorName, kind, extra } = rows[i]!;
    return { ...annotation, annotatorName, kind, extra: extra === true };
  });
}

/** What was said of a withdrawn response holds for those that say the same, since all of them were judged as one. */
async function withoutWithdrawn<A extends AnnotationWithPlacements>(
  db: Database,
  promptIds: readonly PromptId[],
  annotated: A[],
): Promise<A[]> {
  const withdrawn = await db
    .selectDistinct({ promptId: responses.promptId })
    .from(responses)
    .where(and(inArray(responses.promptId, [...promptIds]), isNotNull(responses.withdrawnAt)));
  if (withdrawn.length === 0) return annotated;
  const every = await everyResponseOf(
    db,
    withdrawn.map(({ promptId }) => promptId),
  );
  return annotated.map((annotation) => {
    const all = every.get(annotation.promptId);
    if (!all) return annotation;
    const inUse = all.filter(({ withdrawnAt }) => withdrawnAt === null);
    return { ...annotation, placements: collapsePlacements(expandPlacements(annotation.placements, all), inUse) };
  });
}

async function withPlacements<R extends AnnotationRow>(
  db: Database,
  rows: R[],
): Promise<(R & { placements: Placement[] })[]> {
  const placed = await placementsOf(
    db,
    rows.map(({ id }) => id),
  );
  return rows.map((row) => ({ ...row, placements: placed.get(row.id)! }));
}

/** Annotation id -> its placements. */
export async function placementsOf(db: Database, annotationIds: readonly string[]): Promise<Map<string, Placement[]>> {
  const byAnnotation = new Map<string, Placement[]>(annotationIds.map((id) => [id, []]));
  if (annotationIds.length === 0) return byAnnotation;
  const placed = await db
    .select()
    .from(placements)
    .where(inArray(placements.annotationId, [...annotationIds]));
  for (const { annotationId, ...placement } of placed) byAnnotation.get(annotationId)!.push(placement as Placement);
  return byAnnotation;
}
