/** The languages of a project's prompts, and who reads them. */
import { type SQL, sql } from 'drizzle-orm';
import type { AnyPgColumn } from 'drizzle-orm/pg-core';
import type { PromptId } from '@/trainer/contract/ids';
import type { Database } from './client';

const MAX_LANGUAGES = 100;

/** The languages that prompts of the project have, each looked up by the one before: a query of a column "language". */
export const languagesIn = (projectId: string): SQL => sql`with recursive found as (
  select min(language) as language from prompt_coverage where project_id = ${projectId} union all
  select (select min(c.language) from prompt_coverage c where c.project_id = ${projectId} and c.language > found.language)
  from found where found.language is not null)
  select language from found where language is not null`;

/** Whether somebody who reads these languages gets prompts in this one, which may be null. */
export const readsLanguage = (languages: readonly string[], language: SQL | AnyPgColumn): SQL =>
  sql`reads_language(${sql.param([...languages])}::text[], ${language})`;

export async function languagesOfPrompts(db: Database, projectId: string): Promise<string[]> {
  const { rows } = (await db.execute(sql`${languagesIn(projectId)} limit ${MAX_LANGUAGES}`)) as unknown as {
    rows: { language: string }[];
  };
  return rows.map(({ language }) => language);
}

/** The ids among these of prompts that are in none of a person's languages. */
export async function promptsNotReadBy(
  db: Database,
  { projectId, annotatorId }: { projectId: string; annotatorId: string },
  promptIds: readonly PromptId[],
): Promise<Set<PromptId>> {
  const { rows } = (await db.execute(sql`select p.id from prompts p join members m on m.project_id = p.project_id
    where p.project_id = ${projectId} and m.user_id = ${annotatorId} and p.id = any(${sql.param([...promptIds])}::uuid[])
      and not reads_language(m.languages, p.language)`)) as unknown as { rows: { id: PromptId }[] };
  return new Set(rows.map(({ id }) => id));
}

export interface LanguageWithFewReaders {
  language: string;
  /** Annotators of the project with an active account who get prompts in it. */
  readers: number;
  /** Open prompts in it; where there are more than MOST_COUNTED, one more than that. */
  prompts: number;
}

/** Counts stop here, so that they read as much however large the project. */
export const MOST_COUNTED = 1000;

/** The languages of open prompts that fewer annotators read than are wanted for a prompt: none, where nobody has languages set. */
export async function languagesWithFewReaders(
  db: Database,
  projectId: string,
  wanted: number,
): Promise<LanguageWithFewReaders[]> {
  const { rows } = (await db.execute(sql`with own as (
      select m.languages from members m join users u on u.id = m.user_id
      where m.project_id = ${projectId} and m.role = 'annotator' and u.deactivated_at is null)
    select few.language, few.readers, open.prompts from (
      select found.language, (select count(*) from own where reads_language(own.languages, found.language))::int as readers
      from (${languagesIn(projectId)} limit ${MAX_LANGUAGES}) found) few
    cross join lateral (select count(*)::int as prompts from (
      select from prompt_coverage c where c.project_id = ${projectId} and c.is_open and coalesce(c.language, '') = few.language
        and c.position < (select prompt_count from projects where id = ${projectId})
      limit ${MOST_COUNTED + 1}) counted) open
    where few.readers < least(${wanted}::int, (select count(*) from own)) and open.prompts > 0
    order by few.readers, few.language`)) as unknown as { rows: LanguageWithFewReaders[] };
  return rows;
}
