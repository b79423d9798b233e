/**
 * The places on prompts: who holds one, who may have one. Whoever writes an assignment takes the locks in this order: the
 * prompt where it is judged or skipped, the project's row, the prompt's coverage, tallies.
 */
import { and, asc, count, desc, eq, gt, inArray, isNull, lt, notInArray, or, type SQL, sql } from 'drizzle-orm';
import { annotationHeads, assignments, projects, promptCoverage, prompts, users } from '@/drizzle/schema';
import type { PromptId } from '@/trainer/contract/ids';
import type { Database } from './client';
import type { ProjectRow } from './projects';
import type { PromptRow } from './prompts';

export type AssignmentRow = typeof assignments.$inferSelect;

/** How many open prompts are looked through, in their order, before prompts are looked up by who has judged them. */
const WINDOW = 500;
/** How many expired places one request gives back. */
const EXPIRED_AT_ONCE = 100;
const MAX_LISTED = 200;

export interface AnnotatorInProject {
  projectId: string;
  annotatorId: string;
}

const heldBy = ({ projectId, annotatorId }: AnnotatorInProject) =>
  and(
    eq(assignments.projectId, projectId),
    eq(assignments.annotatorId, annotatorId),
    eq(assignments.state, 'held'),
    or(isNull(assignments.leasedUntil), gt(assignments.leasedUntil, sql`now()`)),
  );
const isExpired = and(eq(assignments.state, 'held'), lt(assignments.leasedUntil, sql`now()`));
const fromNow = (minutes: number) => sql`now() + ${minutes}::int * interval '1 minute'`;

/** The project's settings, which do not change until the transaction ends. */
export async function settingsForAssigning(tx: Database, projectId: string): Promise<ProjectRow> {
  const [project] = await tx.select().from(projects).where(eq(projects.id, projectId)).for('key share');
  if (!project) throw new Error('The project is gone.');
  return project;
}

/** Makes an annotator's requests for prompts wait for each other until the transaction ends. */
export async function lockAnnotator(tx: Database, { projectId, annotatorId }: AnnotatorInProject): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`${projectId} ${annotatorId}`}, 0))`);
}

/** Locks the places of a prompt until the transaction ends. */
export async function lockPlaces(tx: Database, promptId: PromptId) {
  const [row] = await tx
    .select()
    .from(promptCoverage)
    .where(eq(promptCoverage.promptId, promptId))
    .for('no key update');
  if (!row) throw new Error('Every prompt has a row of coverage.');
  return row;
}

/** Ids of the prompts on which the annotator holds a place: those that a researcher chose first. */
export async function heldPrompts(db: Database, place: AnnotatorInProject): Promise<PromptId[]> {
  const rows = await db
    .select({ promptId: assignments.promptId })
    .from(assignments)
    .innerJoin(promptCoverage, eq(promptCoverage.promptId, assignments.promptId))
    .where(heldBy(place))
    .orderBy(desc(assignments.reason), asc(assignments.createdAt), asc(promptCoverage.orderKey));
  return rows.map(({ promptId }) => promptId);
}

/** Ids of the prompts that the annotator judged before responses were added to them. */
export async function reopenedPrompts(db: Database, { projectId, annotatorId }: AnnotatorInProject, limit: number) {
  const rows = await db
    .select({ promptId: annotationHeads.promptId })
    .from(annotationHeads)
    .where(
      and(
        eq(annotationHeads.projectId, projectId),
        eq(annotationHeads.annotatorId, annotatorId),
        sql`not ${annotationHeads.finished}`,
      ),
    )
    .limit(limit);
  return rows.map(({ promptId }) => promptId);
}

/** Lets places that come by the queue wait for another while. */
export async function extendLeases(
  db: Database,
  place: AnnotatorInProject,
  promptIds: readonly PromptId[],
  minutes: number,
) {
  if (promptIds.length === 0) return;
  await db
    .update(assignments)
    .set({ leasedUntil: fromNow(minutes) })
    .where(
      and(heldBy(place), sql`${assignments.leasedUntil} is not null`, inArray(assignments.promptId, [...promptIds])),
    );
}

/** Gives some of the project's expired places back. Call outside a transaction. */
export async function releaseExpired(db: Database, projectId: string): Promise<void> {
  const rows = await db
    .select({ promptId: assignments.promptId })
    .from(assignments)
    .where(and(eq(assignments.projectId, projectId), isExpired))
    .orderBy(asc(assignments.leasedUntil))
    .limit(EXPIRED_AT_ONCE);
  if (rows.length === 0) return;
  await db.transaction(async (tx) => {
    const locked = await tx
      .select({ promptId: promptCoverage.promptId })
      .from(promptCoverage)
      .where(
        inArray(
          promptCoverage.promptId,
          rows.map(({ promptId }) => promptId),
        ),
      )
      .orderBy(asc(promptCoverage.promptId))
      .for('no key update', { skipLocked: true });
    await deleteHeld(
      tx,
      locked.map(({ promptId }) => promptId),
      isExpired,
    );
  });
}

/** Gives back the expired places of one prompt, whose places are locked. */
export const releaseExpiredOf = (tx: Database, promptId: PromptId) => deleteHeld(tx, [promptId], isExpired);

/** Gives back the place that somebody holds on a prompt, whose places are locked. @returns whether there was one */
export const releasePlace = (tx: Database, promptId: PromptId, annotatorId: string) =>
  deleteHeld(tx, [promptId], eq(assignments.annotatorId, annotatorId));

/** Gives back all places that somebody holds in a project. */
export async function releasePlacesOf(tx: Database, place: AnnotatorInProject): Promise<void> {
  await settingsForAssigning(tx, place.projectId);
  const held = await tx
    .select({ promptId: assignments.promptId })
    .from(assignments)
    .where(
      and(
        eq(assignments.projectId, place.projectId),
        eq(assignments.annotatorId, place.annotatorId),
        eq(assignments.state, 'held'),
      ),
    )
    .orderBy(asc(assignments.promptId));
  for (const { promptId } of held) {
    await lockPlaces(tx, promptId);
    await releasePlace(tx, promptId, place.annotatorId);
  }
}

async function deleteHeld(tx: Database, promptIds: readonly PromptId[], which: SQL | undefined): Promise<boolean> {
  if (promptIds.length === 0) return false;
  const rows = await tx
    .delete(assignments)
    .where(and(inArray(assignments.promptId, [...promptIds]), eq(assignments.state, 'held'), which))
    .returning({ promptId: assignments.promptId });
  return rows.length > 0;
}

const isUntouchedBy = (annotatorId: string) => sql`not (${promptCoverage.touched} @> array[${annotatorId}]::text[])`;
const isOpenIn = (projectId: string) =>
  and(
    eq(promptCoverage.projectId, projectId),
    promptCoverage.isOpen,
    sql`${promptCoverage.position} < (select ${projects.promptCount} from ${projects} where ${projects.id} = ${projectId})`,
  );

function openWindow(db: Database, projectId: string) {
  return db
    .select({
      promptId: promptCoverage.promptId,
      touched: promptCoverage.touched,
      orderKey: promptCoverage.orderKey,
    })
    .from(promptCoverage)
    .where(isOpenIn(projectId))
    .orderBy(asc(promptCoverage.orderKey))
    .limit(WINDOW)
    .as('open_window');
}

/**
 * The first prompts in order with an open place for the annotator, except those in `exclude`; none is locked. It reads
 * as much however many prompts there are: a window of open ones; and where the annotator has had all of these, the first
 * ones of each group of prompts that the same people have had.
 */
export async function openPrompts(
  db: Database,
  { projectId, annotatorId }: AnnotatorInProject,
  exclude: readonly string[],
  limit: number,
): Promise<PromptId[]> {
  const window = openWindow(db, projectId);
  const inWindow = await db
    .select({ promptId: window.promptId })
    .from(window)
    .where(
      and(
        sql`not (${window.touched} @> array[${annotatorId}]::text[])`,
        exclude.length > 0 ? notInArray(window.promptId, [...exclude]) : undefined,
      ),
    )
    .orderBy(asc(window.orderKey))
    .limit(limit);
  if (inWindow.length > 0) return inWindow.map(({ promptId }) => promptId);
  const first = sql`select touched_hash, touched from prompt_coverage where project_id = ${projectId} and is_open`;
  const others = exclude.length > 0 ? sql`and not (c.prompt_id = any(${sql.param([...exclude])}::uuid[]))` : sql``;
  const { rows } = (await db.execute(sql`with recursive alike as (
      (${first} order by touched_hash limit 1)
      union all
      select next.* from alike cross join lateral (
        ${first} and touched_hash > alike.touched_hash order by touched_hash limit 1) next)
    select found.prompt_id from alike cross join lateral (
      select c.prompt_id, c.order_key from prompt_coverage c
      where c.project_id = ${projectId} and c.is_open and c.touched_hash = alike.touched_hash
        and c.position < (select prompt_count from projects where id = ${projectId}) ${others}
      order by c.order_key limit ${limit}) found
    where not (alike.touched @> array[${annotatorId}]::text[])
    order by found.order_key limit ${limit}`)) as unknown as { rows: { prompt_id: PromptId }[] };
  return rows.map((row) => row.prompt_id);
}

/** How many prompts are open to the annotator; null for too many to count. */
export async function countOpen(db: Database, { projectId, annotatorId }: AnnotatorInProject): Promise<number | null> {
  const window = openWindow(db, projectId);
  const [row] = await db
    .select({
      open: count(),
      own: sql<number>`cast(count(*) filter (where not (${window.touched} @> array[${annotatorId}]::text[])) as integer)`,
    })
    .from(window);
  return row && row.open < WINDOW ? row.own : null;
}

/**
 * Locks those of the candidates that are still open for the annotator, at most `limit`, in order.
 * @param wait for other transactions that have locked one; else such a prompt is left out
 */
export async function lockOpen(
  tx: Database,
  { projectId, annotatorId }: AnnotatorInProject,
  candidates: readonly PromptId[],
  { limit, wait }: { limit: number; wait: boolean },
): Promise<PromptId[]> {
  const rows = await tx
    .select({ promptId: promptCoverage.promptId })
    .from(promptCoverage)
    .where(
      and(
        inArray(promptCoverage.promptId, [...candidates]),
        eq(promptCoverage.projectId, projectId),
        promptCoverage.isOpen,
        isUntouchedBy(annotatorId),
      ),
    )
    .orderBy(asc(promptCoverage.orderKey))
    .limit(limit)
    .for('no key update', wait ? {} : { skipLocked: true });
  return rows.map(({ promptId }) => promptId);
}

/** Holds places on prompts whose places are locked and open. */
export async function holdPlaces(
  tx: Database,
  { projectId, annotatorId }: AnnotatorInProject,
  promptIds: readonly PromptId[],
  how: { minutes: number } | { assignedBy: string },
): Promise<void> {
  if (promptIds.length === 0) return;
  const lease =
    'minutes' in how
      ? { reason: 'automatic' as const, leasedUntil: fromNow(how.minutes) }
      : { reason: 'named' as const, leasedUntil: null, assignedBy: how.assignedBy };
  await tx
    .insert(assignments)
    .values(promptIds.map((promptId) => ({ promptId, projectId, annotatorId, state: 'held' as const, ...lease })));
}

/** Who holds which prompt of a project: by annotator, and no more than a page shows. */
export function heldPlaces(db: Database, projectId: string) {
  return db
    .select({
      promptId: assignments.promptId,
      externalId: prompts.externalId,
      annotatorId: assignments.annotatorId,
      annotator: users.name,
      reason: assignments.reason,
      leasedUntil: assignments.leasedUntil,
    })
    .from(assignments)
    .innerJoin(prompts, eq(prompts.id, assignments.promptId))
    .innerJoin(users, eq(users.id, assignments.annotatorId))
    .where(and(eq(assignments.projectId, projectId), eq(assignments.state, 'held')))
    .orderBy(asc(assignments.annotatorId), asc(prompts.position))
    .limit(MAX_LISTED);
}

/** How many annotations were saved when all places of their prompts were taken. */
export async function countExtra(db: Database, projectId: string): Promise<number> {
  const [row] = await db
    .select({ extra: count() })
    .from(assignments)
    .where(and(eq(assignments.projectId, projectId), assignments.extra));
  return row?.extra ?? 0;
}

/** The place that somebody has on a prompt, held or filled. */
export async function placeOf(db: Database, promptId: PromptId, annotatorId: string): Promise<AssignmentRow | null> {
  const [row] = await db
    .select()
    .from(assignments)
    .where(and(eq(assignments.promptId, promptId), eq(assignments.annotatorId, annotatorId)));
  return row ?? null;
}

/** Notes that the annotation for a place was saved. */
export async function fillPlace(
  tx: Database,
  { projectId, annotatorId }: AnnotatorInProject,
  promptId: PromptId,
  extra: boolean,
): Promise<void> {
  const filled = { state: 'done' as const, leasedUntil: null, extra };
  await tx
    .insert(assignments)
    .values({ promptId, projectId, annotatorId, reason: 'automatic', ...filled })
    .onConflictDoUpdate({ target: [assignments.promptId, assignments.annotatorId], set: filled });
}

/** Notes how far annotators differ on a prompt, whose places are locked. */
export async function noteDisagreement(tx: Database, promptId: PromptId, thousandths: number | null): Promise<void> {
  await tx.update(promptCoverage).set({ disagreement: thousandths }).where(eq(promptCoverage.promptId, promptId));
  await tx.execute(sql`select note_coverage(array[${promptId}::uuid])`);
}

/** Applies changed settings of giving out prompts to all prompts of the project. */
export async function placePrompts(tx: Database, projectId: string): Promise<void> {
  await tx.execute(sql`select place_prompts(${projectId}::uuid)`);
}

/** The prompts with these ids, in their order. */
export async function promptsInOrder(db: Database, promptIds: readonly PromptId[]): Promise<PromptRow[]> {
  if (promptIds.length === 0) return [];
  const rows = await db
    .select()
    .from(prompts)
    .where(inArray(prompts.id, [...promptIds]));
  const byId = new Map(rows.map((row) => [row.id, row]));
  return promptIds.flatMap((id) => byId.get(id) ?? []);
}
