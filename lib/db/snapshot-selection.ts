import { and, eq, inArray, sql } from 'drizzle-orm';
import { promptCoverage, prompts, responses } from '@/drizzle/schema';
import type { SnapshotSelection } from '@/lib/schemas/snapshot-selection';
import type { PromptId } from '@/trainer/contract/ids';
import type { Database } from './client';
import { isPublishedResponse } from './published';

/** The ids among these of prompts that the selection lets through; how many have judged them is not looked at. */
export async function selectedAmong(
  db: Database,
  promptIds: readonly PromptId[],
  { language, source, leastPriority, withoutFlagged, importedFrom, importedUntil }: SnapshotSelection,
): Promise<Set<string>> {
  if (promptIds.length === 0) return new Set();
  const rows = await db
    .select({ id: prompts.id })
    .from(prompts)
    .innerJoin(promptCoverage, eq(promptCoverage.promptId, prompts.id))
    .where(
      and(
        inArray(prompts.id, [...promptIds]),
        language === undefined ? undefined : eq(prompts.language, language),
        leastPriority === undefined ? undefined : sql`${prompts.priority} >= ${leastPriority}`,
        withoutFlagged ? eq(promptCoverage.flags, 0) : undefined,
        importedFrom === undefined
          ? undefined
          : sql`${prompts.createdAt} >= ${importedFrom}::timestamp at time zone 'UTC'`,
        importedUntil === undefined
          ? undefined
          : sql`${prompts.createdAt} < (${importedUntil}::timestamp + interval '1 day') at time zone 'UTC'`,
        source === undefined
          ? undefined
          : sql`exists (select from ${responses} where ${responses.promptId} = ${prompts.id}
              and ${responses.source} = ${source} and ${responses.withdrawnAt} is null and ${isPublishedResponse()})`,
      ),
    );
  return new Set(rows.map(({ id }) => id));
}
