/**
 * How far prompts are covered: the row of each by which they are given out, and what the settings of a project make of it.
 * Whoever writes an assignment takes the locks in this order: the prompt where it is judged or skipped, the project's row,
 * the prompt's coverage, tallies.
 */
import { eq, inArray, sql } from 'drizzle-orm';
import { projects, promptCoverage } from '@/drizzle/schema';
import type { PromptId } from '@/trainer/contract/ids';
import type { Database } from './client';
import type { ProjectRow } from './projects';

export type CoverageRow = typeof promptCoverage.$inferSelect;

/** The project's settings, which do not change until the transaction ends. */
export async function settingsForAssigning(tx: Database, projectId: string): Promise<ProjectRow> {
  const [project] = await tx.select().from(projects).where(eq(projects.id, projectId)).for('key share');
  if (!project) throw new Error('The project is gone.');
  return project;
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

/** Prompt id -> how far it is covered. */
export async function coverageOf(db: Database, promptIds: readonly PromptId[]): Promise<Map<string, CoverageRow>> {
  if (promptIds.length === 0) return new Map();
  const rows = await db
    .select()
    .from(promptCoverage)
    .where(inArray(promptCoverage.promptId, [...promptIds]));
  return new Map(rows.map((row) => [row.promptId, row]));
}
