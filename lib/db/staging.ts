/** Rows of a running job: they are written where nobody sees them, and later published in one statement or deleted. */
import { and, desc, eq, gt, gte, inArray, isNotNull, lt, sql } from 'drizzle-orm';
import { prompts, responses } from '@/drizzle/schema';
import type { Database } from './client';
import { giveWay } from './give-way';
import { chunks } from './prompts';
import { publishedCounts } from './published';

/** Rows that are deleted per statement. */
const SWEEP_BATCH = 200;

/**
 * Writes prompts with their responses at positions beyond the published ones, where nobody sees them yet: in one statement,
 * whose only large parameter is JSON that the database takes apart itself.
 * @param prompts the JSON of an `ImportedPrompt` with its `contentHash` each
 */
export async function stagePrompts(
  tx: Database,
  projectId: string,
  firstPosition: number,
  added: readonly string[],
): Promise<void> {
  if (added.length === 0) return;
  const stage = sql`
    with given as materialized (
      select gen_random_uuid() as id, ${firstPosition}::int + at::int - 1 as position, given.*
      from rows from (json_to_recordset(${`[${added.join(',')}]`}::json) as ("externalId" text, messages jsonb, documents jsonb,
        responses json, "referenceLabel" text, language text, priority int, "contentHash" text))
        with ordinality as given ("externalId", messages, documents, responses, "referenceLabel", language, priority, "contentHash", at)),
    staged as (
      insert into prompts (id, project_id, external_id, messages, documents, reference_label, language, priority, content_hash, position)
      select id, ${projectId}::uuid, "externalId", messages, documents, "referenceLabel", language, coalesce(priority, 0),
        "contentHash", position from given)
    insert into responses (prompt_id, external_id, text, source, label, position)
    select given.id, one.id, one.text, one.source, one.label, one.at - 1
    from given cross join lateral rows from (json_to_recordset(given.responses) as (id text, text text, source text, label text))
      with ordinality as one (id, text, source, label, at)`;
  await tx.execute(stage).catch((error: Error) => {
    // The message holds the statement with all of its parameters, which belong into no log.
    throw new Error('Prompts were not stored.', { cause: error.cause });
  });
}

/** Writes responses after those that the prompts have, as an addition that is not published yet. */
export async function stageResponses(
  tx: Database,
  addition: number,
  added: readonly Omit<typeof responses.$inferInsert, 'id' | 'addedAt' | 'addition'>[],
): Promise<void> {
  const addedAt = new Date();
  for (const chunk of chunks(added)) {
    await tx.insert(responses).values(chunk.map((row) => ({ ...row, addedAt, addition })));
  }
}

/** Deletes the rows that were staged and never published, some at a time. */
export async function sweepStaged(db: Database, projectId: string): Promise<void> {
  const { prompts: count, additions } = await publishedCounts(db, projectId);
  const ofProject = eq(prompts.projectId, projectId);
  const [last] = await db
    .select({ position: prompts.position })
    .from(prompts)
    .where(and(ofProject, gte(prompts.position, count)))
    .orderBy(desc(prompts.position))
    .limit(1);
  // From the end, by positions: what was deleted a moment ago need not be looked through again.
  for (let end = (last?.position ?? -1) + 1; end > count; ) {
    const start = Math.max(count, end - SWEEP_BATCH);
    const took = await timed(() =>
      db.delete(prompts).where(and(ofProject, gte(prompts.position, start), lt(prompts.position, end))),
    );
    await giveWay(db, took);
    end = start;
  }
  await sweepStagedResponses(db, projectId, additions);
}

/** Deletes responses that were added to prompts and never published. */
export async function sweepStagedResponses(db: Database, projectId: string, additions: number): Promise<void> {
  const some = db
    .select({ id: responses.id })
    .from(responses)
    .innerJoin(prompts, eq(prompts.id, responses.promptId))
    .where(and(eq(prompts.projectId, projectId), isNotNull(responses.addedAt), gt(responses.addition, additions)))
    .limit(SWEEP_BATCH);
  for (let deleted = 1; deleted > 0; ) {
    const took = await timed(async () => {
      const rows = await db.delete(responses).where(inArray(responses.id, some)).returning({ id: responses.id });
      deleted = rows.length;
    });
    if (deleted > 0) await giveWay(db, took);
  }
}

async function timed(task: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await task();
  return performance.now() - start;
}
