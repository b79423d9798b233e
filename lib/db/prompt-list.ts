/**
 * The list of a project's prompts, by key. One page looks through a window of rows that follow the cursor in the order
 * asked for, and no further, so it reads as much however large the project and however rare what is looked for; who
 * wants to go on asks again from where it ended. In import order, the window is of what one filter finds by its own index.
 */
import { and, asc, desc, eq, ilike, ne, or, type SQL, sql } from 'drizzle-orm';
import { projects, promptCoverage, prompts, responses } from '@/drizzle/schema';
import type { PromptFilter, PromptSort } from '@/lib/schemas/prompt-list';
import { promptStates } from '@/lib/schemas/prompt-list';
import type { ExternalPromptId, PromptId } from '@/trainer/contract/ids';
import type { Database } from './client';
import { isPublished } from './published';

/** How many prompts one page looks through: fewer where their texts or responses have to be read. */
const WINDOW = 10_000;
const READING_WINDOW = 2_000;
const EXCERPT_LENGTH = 300;

export interface PromptListCursor {
  key: string;
  position: number;
}

/** Integers, so that a cursor is exact: a moment is its microseconds. Each has an index that ends with the position. */
const orders: Record<PromptSort, { key: SQL; column: SQL; after: (key: string) => SQL; descending?: true }> = {
  import: { ...plain(sql`0`), column: sql`0` },
  priority: plain(sql`(-${promptCoverage.priority})`),
  fewest: plain(sql`${promptCoverage.judged}`),
  most: { ...plain(sql`${promptCoverage.judged}`), descending: true },
  disagreed: plain(sql`(-coalesce(${promptCoverage.disagreement}, -1))`),
  changed: {
    key: sql`cast(extract(epoch from ${promptCoverage.changedAt}) * 1000000 as bigint)`,
    column: sql`${promptCoverage.changedAt}`,
    after: (key) => sql`timestamptz 'epoch' + ${key}::bigint * interval '1 microsecond'`,
    descending: true,
  },
};

function plain(column: SQL) {
  return { key: column, column, after: (key: string) => sql`${key}::bigint::integer` };
}

const signs = {
  flagged: sql`${promptCoverage.flags} > 0`,
  skipped: sql`${promptCoverage.skips} > 0`,
  gold: sql`${promptCoverage.isGold}`,
  withdrawn: sql`${promptCoverage.isWithdrawn}`,
};

function conditions({ state, sign, language }: PromptFilter): SQL[] {
  return [
    ...(sign ? [signs[sign]] : []),
    ...(language ? [sql`${promptCoverage.language} = ${language}`] : []),
    ...(state ? [sql`${promptCoverage.progress} = ${promptStates.indexOf(state)}`] : []),
  ];
}

/** Those that no index of the list serves. */
function furtherConditions({ state, sign, source }: PromptFilter): SQL[] {
  return [
    // Nobody is asked about a withdrawn prompt, so it is in no state of being judged.
    ...(state && sign !== 'withdrawn' ? [sql`not ${promptCoverage.isWithdrawn}`] : []),
    ...(source
      ? [
          sql`exists (select from ${responses} where ${responses.promptId} = ${prompts.id} and ${responses.source} = ${source})`,
        ]
      : []),
  ];
}

const listed = {
  coverage: promptCoverage,
  externalId: prompts.externalId,
  excerpt: sql<string>`left(${prompts.messages} -> -1 ->> 'content', ${EXCERPT_LENGTH})`,
};

interface Look {
  filter: PromptFilter;
  sort: PromptSort;
  after: PromptListCursor | null;
}

/** The rows that one page looks through, in order, and the conditions that are left for those in it. */
function lookThrough(db: Database, projectId: string, { filter, sort, after }: Look) {
  const { key, column, after: afterKey, descending } = orders[sort];
  const isByPosition = sort === 'import';
  const [first, ...others] = conditions(filter);
  const published = sql`(select ${projects.promptCount} from ${projects} where ${projects.id} = ${projectId})`;
  const beyond = sql.raw(descending ? '<' : '>');
  const following =
    after === null
      ? undefined
      : isByPosition
        ? sql`${promptCoverage.position} > ${after.position}`
        : sql`(${column}, ${promptCoverage.position}) ${beyond} (${afterKey(after.key)}, ${after.position})`;
  const direction = descending ? desc : asc;
  const reads = filter.text !== undefined || filter.source !== undefined;
  const size = reads ? READING_WINDOW : WINDOW;
  const window = db
    .select({
      promptId: promptCoverage.promptId,
      position: sql<number>`${promptCoverage.position}`.as('window_position'),
      // Sorting by the column itself lets rows come as the index has them, and end at the limit.
      order: sql`${column}`.as('window_order'),
      key: sql<string>`${key}`.as('window_key'),
    })
    .from(promptCoverage)
    .where(
      and(
        eq(promptCoverage.projectId, projectId),
        sql`${promptCoverage.position} < ${published}`,
        isByPosition ? first : undefined,
        following,
      ),
    )
    .orderBy(...(isByPosition ? [] : [direction(column)]), direction(promptCoverage.position))
    .limit(size)
    .as('look');
  const matching = and(
    ...(isByPosition ? others : first ? [first, ...others] : []),
    ...furtherConditions(filter),
    filter.text === undefined ? undefined : contains(filter.text),
  );
  const order = [...(isByPosition ? [] : [direction(window.order)]), direction(window.position)];
  /** How many rows it has, and where it ends: null where nothing follows. */
  const findEnd = async () => {
    const { rows: ends } = (await db.execute(sql`select count(*)::int as searched,
      (array_agg(cast(window_key as text)))[count(*)::int] as key, (array_agg(window_position))[count(*)::int] as position
      from ${window}`)) as unknown as { rows: [{ searched: number; key: string; position: number }] };
    const { searched, key: endKey, position } = ends[0];
    return { searched, end: searched < size ? null : { key: endKey, position } };
  };
  return { window, matching, order, findEnd };
}

/** @returns the rows found, and where the window ended: null where nothing follows */
export async function listPromptRows(db: Database, projectId: string, { limit, ...look }: Look & { limit: number }) {
  const { window, matching, order, findEnd } = lookThrough(db, projectId, look);
  const rows = await db
    .select({ ...listed, key: sql<string>`cast(${window.key} as text)` })
    .from(window)
    .innerJoin(promptCoverage, eq(promptCoverage.promptId, window.promptId))
    .innerJoin(prompts, eq(prompts.id, window.promptId))
    .where(matching)
    .orderBy(...order)
    .limit(limit);
  const last = rows.at(-1);
  if (rows.length === limit && last)
    return { rows, searched: 0, end: { key: last.key, position: last.coverage.position } };
  return { rows, ...(await findEnd()) };
}

/** The ids of all prompts found in one window, in import order, and where it ended. */
export async function matchingPrompts(
  db: Database,
  projectId: string,
  look: Pick<Look, 'filter' | 'after'>,
): Promise<{ ids: PromptId[]; end: PromptListCursor | null }> {
  const { window, matching, order, findEnd } = lookThrough(db, projectId, { ...look, sort: 'import' });
  const rows = await db
    .select({ id: window.promptId })
    .from(window)
    .innerJoin(promptCoverage, eq(promptCoverage.promptId, window.promptId))
    .innerJoin(prompts, eq(prompts.id, window.promptId))
    .where(matching)
    .orderBy(...order);
  return { ids: rows.map(({ id }) => id), end: (await findEnd()).end };
}

/** The prompt with this id is not among them: `listedWithId` finds it at once. */
function contains(text: string): SQL | undefined {
  const pattern = `%${text.replace(/[\\%_]/g, '\\$&')}%`;
  return and(
    ne(prompts.externalId, text as ExternalPromptId),
    or(
      ilike(prompts.externalId, pattern),
      sql`exists (select from jsonb_array_elements(${prompts.messages}) message where message ->> 'content' ilike ${pattern})`,
    ),
  );
}

/** The prompt whose id is exactly the text that is looked for, if the rest of the filter lets it through. */
export async function listedWithId(db: Database, projectId: string, filter: PromptFilter) {
  if (filter.text === undefined) return undefined;
  const [row] = await db
    .select(listed)
    .from(prompts)
    .innerJoin(promptCoverage, eq(promptCoverage.promptId, prompts.id))
    .where(
      and(
        isPublished(projectId),
        eq(prompts.externalId, filter.text as ExternalPromptId),
        ...conditions(filter),
        ...furtherConditions(filter),
      ),
    );
  return row;
}

/** The prompts that changed last, the newest first. */
export function newestCoverage(db: Database, projectId: string, limit: number) {
  return db
    .select({ externalId: prompts.externalId, coverage: promptCoverage })
    .from(promptCoverage)
    .innerJoin(prompts, eq(prompts.id, promptCoverage.promptId))
    .where(and(eq(promptCoverage.projectId, projectId), isPublished(projectId)))
    .orderBy(desc(promptCoverage.changedAt), desc(promptCoverage.position))
    .limit(limit);
}
