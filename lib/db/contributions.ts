/** What each judged prompt adds to the figures of its project, as far as it is known; triggers say where it no longer is. */
import { and, asc, eq, gt, sql } from 'drizzle-orm';
import { promptContributions, promptCoverage } from '@/drizzle/schema';
import type { PromptId } from '@/trainer/contract/ids';
import type { Database } from './client';
import { isCounting } from './judged-prompts';

export interface ContributionRow {
  promptId: PromptId;
  position: number;
  /** What is to be stored with a contribution that is computed after this was read. */
  revision: number;
  /** Null where it has to be computed anew. */
  content: string | null;
}

/** The contributions of the next prompts after a position (-1 for the first) whose judgements count, in import order. */
export function contributionsAfter(
  db: Database,
  projectId: string,
  { position, limit, basis }: { position: number; limit: number; basis: string },
): Promise<ContributionRow[]> {
  const { revision, measured, content } = promptContributions;
  return db
    .select({
      promptId: promptCoverage.promptId,
      position: promptCoverage.position,
      revision: sql<number>`coalesce(${revision}, 0)`,
      content: sql<
        string | null
      >`case when ${measured} = ${revision} and ${promptContributions.basis} = ${basis} then ${content} end`,
    })
    .from(promptCoverage)
    .leftJoin(promptContributions, eq(promptContributions.promptId, promptCoverage.promptId))
    .where(and(eq(promptCoverage.projectId, projectId), gt(promptCoverage.position, position), isCounting()))
    .orderBy(asc(promptCoverage.position))
    .limit(limit);
}

/**
 * Keeps contributions. A row that somebody is just changing is passed over: what was computed of it no longer holds, and so
 * nobody's annotation waits for a measurement, or it for them.
 */
export async function storeContributions(
  db: Database,
  basis: string,
  computed: readonly { promptId: PromptId; revision: number; content: string }[],
): Promise<void> {
  if (computed.length === 0) return;
  const rows = JSON.stringify(computed);
  await db.execute(sql`
    with computed as (select * from jsonb_to_recordset(${rows}::jsonb) as c ("promptId" uuid, revision integer, content text)),
    free as (
      select prompt_id from prompt_contributions where prompt_id in (select "promptId" from computed)
      for no key update skip locked)
    update prompt_contributions c set measured = computed.revision, basis = ${basis}, content = computed.content
    from computed join free on free.prompt_id = computed."promptId" where c.prompt_id = free.prompt_id`);
}
