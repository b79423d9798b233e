import { and, countDistinct, desc, eq, inArray, isNotNull, notExists, sql } from 'drizzle-orm';
import { annotations, placements, prompts, responses, users } from '@/drizzle/schema';
import type { Placement } from '@/lib/schemas/annotation';
import type { Remarks } from '@/lib/schemas/remarks';
import type { Database } from './client';
import { type Moment, wasThere } from './moment';
import { publishedResponse } from './published';

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

/** The annotator's versions in force on these prompts. */
export async function currentAnnotationsBy(
  db: Database,
  annotatorId: string,
  promptIds: readonly string[],
): Promise<AnnotationWithPlacements[]> {
  if (promptIds.length === 0) return [];
  const rows = await db
    .selectDistinctOn([annotations.promptId])
    .from(annotations)
    .where(and(eq(annotations.annotatorId, annotatorId), inArray(annotations.promptId, [...promptIds])))
    .orderBy(annotations.promptId, desc(annotations.version));
  return withPlacements(db, rows);
}

/** What the annotator said of the prompt before anything came back. */
export async function firstAnnotationBy(
  db: Database,
  annotatorId: string,
  promptId: string,
): Promise<AnnotationWithPlacements | undefined> {
  const rows = await db
    .select()
    .from(annotations)
    .where(
      and(eq(annotations.annotatorId, annotatorId), eq(annotations.promptId, promptId), eq(annotations.version, 1)),
    );
  return (await withPlacements(db, rows))[0];
}

/** Everybody's versions in force on these prompts, now or at a moment. */
export async function currentAnnotationsOn(
  db: Database,
  promptIds: readonly string[],
  moment?: Moment,
): Promise<AnnotationWithPlacements[]> {
  if (promptIds.length === 0) return [];
  const rows = await db
    .selectDistinctOn([annotations.promptId, annotations.annotatorId])
    .from(annotations)
    .where(
      and(
        inArray(annotations.promptId, [...promptIds]),
        moment === undefined ? undefined : wasThere(annotations, moment),
      ),
    )
    .orderBy(annotations.promptId, annotations.annotatorId, desc(annotations.version));
  return withPlacements(db, rows);
}

/**
 * On `annotations`: this version has seen every response that its prompt has now. Whoever annotated before responses
 * were added has not, and is asked again. Only added responses are looked up, so that most prompts cost nothing.
 */
export function sawEveryResponse(db: Database) {
  const placed = db
    .select({ id: placements.responseId })
    .from(placements)
    .where(and(eq(placements.annotationId, annotations.id), eq(placements.responseId, responses.id)));
  const unseen = db
    .select({ id: responses.id })
    .from(responses)
    .where(
      and(
        eq(responses.promptId, annotations.promptId),
        isNotNull(responses.addedAt),
        publishedResponse(),
        notExists(placed),
      ),
    );
  return notExists(unseen);
}

/** Prompts of which the annotator has stored a version, seen whole or not. */
export async function annotatedBy(db: Database, projectId: string, annotatorId: string): Promise<string[]> {
  const rows = await db
    .selectDistinct({ promptId: annotations.promptId })
    .from(annotations)
    .where(and(eq(annotations.projectId, projectId), eq(annotations.annotatorId, annotatorId)));
  return rows.map(({ promptId }) => promptId);
}

/** Prompts that the annotator is done with. */
export async function countAnnotatedBy(db: Database, projectId: string, annotatorId: string): Promise<number> {
  const [row] = await db
    .select({ n: countDistinct(annotations.promptId) })
    .from(annotations)
    .where(and(eq(annotations.projectId, projectId), eq(annotations.annotatorId, annotatorId), sawEveryResponse(db)));
  return row?.n ?? 0;
}

export interface AnnotationOverview {
  promptId: string;
  externalId: string;
  version: number;
  createdAt: Date;
  allBad: boolean;
  remarks: Remarks;
  placed: number;
  cannotJudge: number;
  notJudged: number;
}

/** The annotator's work in a project, newest first: versions in force only. */
export async function annotationOverviews(
  db: Database,
  projectId: string,
  annotatorId: string,
  limit: number,
): Promise<AnnotationOverview[]> {
  const current = db
    .selectDistinctOn([annotations.promptId])
    .from(annotations)
    .where(and(eq(annotations.projectId, projectId), eq(annotations.annotatorId, annotatorId)))
    .orderBy(annotations.promptId, desc(annotations.version))
    .as('current');
  const having = (state: Placement['state']) =>
    sql<number>`cast(count(*) filter (where ${placements.state} = ${state}) as integer)`;
  return db
    .select({
      promptId: current.promptId,
      externalId: prompts.externalId,
      version: current.version,
      createdAt: current.createdAt,
      allBad: current.allBad,
      remarks: current.remarks,
      placed: having('placed'),
      cannotJudge: having('cannot_judge'),
      notJudged: having('not_judged'),
    })
    .from(current)
    .innerJoin(prompts, eq(prompts.id, current.promptId))
    .innerJoin(placements, eq(placements.annotationId, current.id))
    .groupBy(current.promptId, prompts.externalId, current.version, current.createdAt, current.allBad, current.remarks)
    .orderBy(desc(current.createdAt), prompts.externalId)
    .limit(limit);
}

/** Every version of everybody's annotations on these prompts, by annotator and version. */
export async function allAnnotationsOn(
  db: Database,
  promptIds: readonly string[],
): Promise<(AnnotationWithPlacements & { annotatorName: string })[]> {
  if (promptIds.length === 0) return [];
  const rows = await db
    .select({ annotation: annotations, annotatorName: users.name })
    .from(annotations)
    .innerJoin(users, eq(users.id, annotations.annotatorId))
    .where(inArray(annotations.promptId, [...promptIds]))
    .orderBy(annotations.promptId, annotations.annotatorId, annotations.version);
  const full = await withPlacements(
    db,
    rows.map(({ annotation }) => annotation),
  );
  return full.map((annotation, i) => ({ ...annotation, annotatorName: rows[i]!.annotatorName }));
}

async function withPlacements(db: Database, rows: AnnotationRow[]): Promise<AnnotationWithPlacements[]> {
  if (rows.length === 0) return [];
  const placed = await db
    .select()
    .from(placements)
    .where(
      inArray(
        placements.annotationId,
        rows.map(({ id }) => id),
      ),
    );
  const byAnnotation = new Map<string, Placement[]>(rows.map(({ id }) => [id, []]));
  for (const { annotationId, ...placement } of placed) byAnnotation.get(annotationId)!.push(placement as Placement);
  return rows.map((row) => ({ ...row, placements: byAnnotation.get(row.id)! }));
}
