/** The places on prompts: who holds one, fills one and gives one back. For the order of locks see coverage.ts. */
import { and, asc, count, desc, eq, gt, inArray, isNull, lt, not, or, type SQL, sql } from 'drizzle-orm';
import { annotationHeads, assignments, promptCoverage, prompts, users } from '@/drizzle/schema';
import type { PromptId } from '@/trainer/contract/ids';
import type { Database } from './client';
import { lockPlaces, settingsForAssigning } from './coverage';
import { readsLanguage } from './prompt-languages';
import type { PromptRow } from './prompts';

export type AssignmentRow = typeof assignments.$inferSelect;

/** How many expired places one request gives back. */
const EXPIRED_AT_ONCE = 100;

const MAX_LISTED = 200;

export interface AnnotatorInProject {
  projectId: string;
  annotatorId: string;
}

/** Somebody who gets prompts in these languages alone (none: in all), and those of which no language is known. */
export interface Reader extends AnnotatorInProject {
  languages: readonly string[];
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

/** Makes an annotator's requests for prompts wait for each other until the transaction ends. */
export async function lockAnnotator(tx: Database, { projectId, annotatorId }: AnnotatorInProject): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`${projectId} ${annotatorId}`}, 0))`);
}

/** Ids of the prompts on which the annotator holds a place: those that a researcher chose first. */
export async function heldPrompts(db: Database, place: AnnotatorInProject): Promise<PromptId[]> {
  const rows = await db
    .select({ promptId: assignments.promptId })
    .from(assignments)
    .innerJoin(promptCoverage, eq(promptCoverage.promptId, assignments.promptId))
    .where(and(heldBy(place), not(promptCoverage.isWithdrawn)))
    .orderBy(desc(assignments.reason), asc(assignments.createdAt), asc(promptCoverage.orderKey));
  return rows.map(({ promptId }) => promptId);
}

/** Ids of the prompts that the annotator judged before responses were added or restored, or texts were corrected. */
export async function reopenedPrompts(db: Database, { projectId, annotatorId }: AnnotatorInProject, limit: number) {
  const rows = await db
    .select({ promptId: annotationHeads.promptId })
    .from(annotationHeads)
    .innerJoin(promptCoverage, eq(promptCoverage.promptId, annotationHeads.promptId))
    .where(
      and(
        eq(annotationHeads.projectId, projectId),
        eq(annotationHeads.annotatorId, annotatorId),
        sql`not ${annotationHeads.finished}`,
        not(promptCoverage.isWithdrawn),
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

/** Gives back places that somebody holds in a project: all of them, or those that `which` says. */
export async function releasePlacesOf(tx: Database, place: AnnotatorInProject, which?: SQL): Promise<void> {
  await settingsForAssigning(tx, place.projectId);
  const held = await tx
    .select({ promptId: assignments.promptId })
    .from(assignments)
    .where(
      and(
        eq(assignments.projectId, place.projectId),
        eq(assignments.annotatorId, place.annotatorId),
        eq(assignments.state, 'held'),
        which,
      ),
    )
    .orderBy(asc(assignments.promptId));
  for (const { promptId } of held) {
    await lockPlaces(tx, promptId);
    await releasePlace(tx, promptId, place.annotatorId);
  }
}

/** Gives back what came by the queue and is in a language that the person does not read. */
export const releaseUnread = (tx: Database, { languages, ...place }: Reader) =>
  releasePlacesOf(
    tx,
    place,
    sql`${assignments.reason} = 'automatic' and exists (select from ${promptCoverage}
      where ${promptCoverage.promptId} = ${assignments.promptId} and not ${readsLanguage(languages, promptCoverage.language)})`,
  );

async function deleteHeld(tx: Database, promptIds: readonly PromptId[], which: SQL | undefined): Promise<boolean> {
  if (promptIds.length === 0) return false;
  const rows = await tx
    .delete(assignments)
    .where(and(inArray(assignments.promptId, [...promptIds]), eq(assignments.state, 'held'), which))
    .returning({ promptId: assignments.promptId });
  if (rows.length > 0) await fillFromExtra(tx, rows);
  return rows.length > 0;
}

/** A place that is given back is filled by a board that was saved as extra meanwhile, the earliest first: nobody else gets it. */
async function fillFromExtra(tx: Database, freed: readonly { promptId: PromptId }[]): Promise<void> {
  await tx.execute(sql`
    with freed as (select "promptId" as prompt_id, count(*) as places
      from jsonb_to_recordset(${JSON.stringify(freed)}::jsonb) n ("promptId" uuid) group by 1),
    waiting as (select prompt_id, annotator_id, row_number() over (partition by prompt_id order by created_at, annotator_id) as n
      from assignments where extra and prompt_id in (select prompt_id from freed))
    update assignments a set extra = false from waiting w join freed f on f.prompt_id = w.prompt_id
    where a.prompt_id = w.prompt_id and a.annotator_id = w.annotator_id and w.n <= f.places`);
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
