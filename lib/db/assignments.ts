/**
 * The places on prompts: who holds one, who may have one. Whoever writes an assignment takes the locks in this order: the
 * prompt where it is judged or skipped, the project's row, the prompt's coverage, tallies.
 */
import { and, asc, count, desc, eq, gt, inArray, isNull, lt, not, or, type SQL, sql } from 'drizzle-orm';
import { annotationHeads, assignments, projects, promptCoverage, prompts, users } from '@/drizzle/schema';
import type { PromptId } from '@/trainer/contract/ids';
import type { Database } from './client';
import type { ProjectRow } from './projects';
import { languagesIn, readsLanguage } from './prompt-languages';
import type { PromptRow } from './prompts';

export type AssignmentRow = typeof assignments.$inferSelect;
export type CoverageRow = typeof promptCoverage.$inferSelect;

/** How many open prompts are looked through, in their order, before prompts are looked up by who has judged them. */
const WINDOW = 500;
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

/**
 * Keeps the settings by which these prompts are given out until the transaction ends. It comes before the prompts' places
 * are locked, as it does for everybody who changes settings: a row that is changed twice in a transaction has its project
 * looked up by the foreign key, which would otherwise wait for settings that wait for the row.
 */
async function keepSettings(tx: Database, promptIds: readonly PromptId[]): Promise<void> {
  await tx.execute(sql`select 1 from projects where id in (select project_id from prompt_coverage
    where prompt_id in (select id::uuid from jsonb_array_elements_text(${JSON.stringify(promptIds)}::jsonb) n (id))) order by id for key share`);
}

/** Locks the places of a prompt until the transaction ends. */
export async function lockPlaces(tx: Database, promptId: PromptId) {
  await keepSettings(tx, [promptId]);
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

const isUntouchedBy = (annotatorId: string) => sql`not (${promptCoverage.touched} @> array[${annotatorId}]::text[])`;
/**
 * The first open prompts in their order, as a table "window". Those of a reader of some languages are the first ones of
 * each, which an index has; so it reads as much however many there are in others.
 */
function openWindow({ projectId, languages }: Reader): SQL {
  const open = sql`c.project_id = ${projectId} and c.is_open
    and c.position < (select prompt_count from projects where id = ${projectId})`;
  const first = sql`order by c.order_key limit ${WINDOW}`;
  if (languages.length === 0) {
    return sql`(select c.prompt_id, c.touched, c.order_key from prompt_coverage c where ${open} ${first}) "window"`;
  }
  return sql`(select c.* from (
      select '' as language union all
      select found.language from (${languagesIn(projectId)}) found where ${readsLanguage(languages, sql`found.language`)}) own
    cross join lateral (select c.prompt_id, c.touched, c.order_key from prompt_coverage c
      where ${open} and coalesce(c.language, '') = own.language ${first}) c ${first}) "window"`;
}

/**
 * The first prompts in order with an open place for the annotator, except those in `exclude`; none is locked. It reads
 * as much however many prompts there are: a window of open ones; and where the annotator has had all of these, the first
 * ones of each group of prompts that the same people have had, which are in one language.
 */
export async function openPrompts(
  db: Database,
  reader: Reader,
  exclude: readonly string[],
  limit: number,
): Promise<PromptId[]> {
  const { projectId, annotatorId, languages } = reader;
  const others = (id: SQL) =>
    exclude.length > 0 ? sql`and not (${id} = any(${sql.param([...exclude])}::uuid[]))` : sql``;
  const idsOf = async (query: SQL) => {
    const { rows } = (await db.execute(query)) as unknown as { rows: { prompt_id: PromptId }[] };
    return rows.map((row) => row.prompt_id);
  };
  const inWindow = await idsOf(sql`select prompt_id from ${openWindow(reader)}
    where not (touched @> array[${annotatorId}]::text[]) ${others(sql`prompt_id`)} order by order_key limit ${limit}`);
  if (inWindow.length > 0) return inWindow;
  const first = sql`select touched_hash, touched, language from prompt_coverage where project_id = ${projectId} and is_open`;
  return idsOf(sql`with recursive alike as (
      (${first} order by touched_hash limit 1)
      union all
      select next.* from alike cross join lateral (
        ${first} and touched_hash > alike.touched_hash order by touched_hash limit 1) next)
    select found.prompt_id from alike cross join lateral (
      select c.prompt_id, c.order_key from prompt_coverage c
      where c.project_id = ${projectId} and c.is_open and c.touched_hash = alike.touched_hash
        and c.position < (select prompt_count from projects where id = ${projectId}) ${others(sql`c.prompt_id`)}
      order by c.order_key limit ${limit}) found
    where not (alike.touched @> array[${annotatorId}]::text[]) and ${readsLanguage(languages, sql`alike.language`)}
    order by found.order_key limit ${limit}`);
}

/** How many prompts are open to the annotator; null for too many to count. */
export async function countOpen(db: Database, reader: Reader): Promise<number | null> {
  const { rows } = (await db.execute(sql`select count(*)::int as open,
      count(*) filter (where not (touched @> array[${reader.annotatorId}]::text[]))::int as own
    from ${openWindow(reader)}`)) as unknown as { rows: [{ open: number; own: number }] };
  return rows[0].open < WINDOW ? rows[0].own : null;
}

/**
 * Locks those of the candidates that are still open for the annotator, at most `limit`, in order.
 * @param wait for other transactions that have locked one; else such a prompt is left out
 */
export async function lockOpen(
  tx: Database,
  { projectId, annotatorId, languages }: Reader,
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
        readsLanguage(languages, promptCoverage.language),
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

/** Notes what follows from the annotations of a prompt, whose places are locked: each in thousandths. */
export async function noteJudgements(
  tx: Database,
  promptId: PromptId,
  values: { disagreement?: number | null; certainty?: number | null },
): Promise<void> {
  await tx.update(promptCoverage).set(values).where(eq(promptCoverage.promptId, promptId));
  await tx.execute(sql`select note_coverage(array[${promptId}::uuid])`);
}

/** Notes how far annotators differ on several prompts, in thousandths. */
export async function noteDisagreements(
  tx: Database,
  disagreements: readonly (readonly [promptId: PromptId, disagreement: number | null])[],
): Promise<void> {
  await keepSettings(
    tx,
    disagreements.map(([id]) => id),
  );
  const noted = JSON.stringify([...disagreements].sort().map(([id, value]) => ({ id, value })));
  await tx.execute(sql`select 1 from prompt_coverage where prompt_id in
    (select id from jsonb_to_recordset(${noted}::jsonb) n (id uuid)) order by prompt_id for no key update`);
  await tx.execute(sql`update prompt_coverage c set disagreement = n.value
    from jsonb_to_recordset(${noted}::jsonb) n (id uuid, value integer) where c.prompt_id = n.id`);
  await tx.execute(sql`select note_coverage(array(select id from jsonb_to_recordset(${noted}::jsonb) n (id uuid)))`);
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

/** Prompt id -> how far it is covered. */
export async function coverageOf(db: Database, promptIds: readonly PromptId[]): Promise<Map<string, CoverageRow>> {
  if (promptIds.length === 0) return new Map();
  const rows = await db
    .select()
    .from(promptCoverage)
    .where(inArray(promptCoverage.promptId, [...promptIds]));
  return new Map(rows.map((row) => [row.promptId, row]));
}
