/** The prompts that may be given to somebody, in their order. */
import { and, asc, eq, inArray, type SQL, sql } from 'drizzle-orm';
import { promptCoverage } from '@/drizzle/schema';
import type { PromptId } from '@/trainer/contract/ids';
import type { Reader } from './assignments';
import type { Database } from './client';
import { languagesIn, readsLanguage } from './prompt-languages';

/** How many open prompts are looked through, in their order, before prompts are looked up by who has judged them. */
const WINDOW = 500;

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
