import { eq, inArray, max, type SQLWrapper, sql } from 'drizzle-orm';
import { annotations, prompts, responses, users } from '@/drizzle/schema';
import type { Database } from './client';

/** Han and kana: dense, and read at about a third of the pace of Latin letters. */
const DENSE = '[\u2E80-\u2FDF\u3040-\u30FF\u3400-\u4DBF\u4E00-\u9FFF\uF900-\uFAFF\u{20000}-\u{3FFFF}]';
/** Korean syllables: about two thirds. */
const HANGUL = '[\uAC00-\uD7A3]';

const count = (text: SQLWrapper, letters: string) =>
  sql`(length(${text}) - length(regexp_replace(${text}, ${letters}, '', 'g')))`;

/** The length in Latin letters of a text that takes as long to read: Han and kana count 3, Korean syllables 1.5. */
const readingLength = (text: SQLWrapper) =>
  sql`(length(${text}) + 2 * ${count(text, DENSE)} + ${count(text, HANGUL)} / 2)`;

/** Prompt id -> what there is to read, its messages and its responses, in Latin letters (`readingLength`). */
export async function readingLengths(db: Database, promptIds: readonly string[]): Promise<Map<string, number>> {
  if (promptIds.length === 0) return new Map();
  const rows = await db
    .select({
      id: prompts.id,
      length: sql<number>`cast(${readingLength(sql`${prompts.messages}::text`)} + coalesce(sum(${readingLength(sql`${responses.text}`)}), 0) as integer)`,
    })
    .from(prompts)
    .leftJoin(responses, eq(responses.promptId, prompts.id))
    .where(inArray(prompts.id, [...promptIds]))
    .groupBy(prompts.id);
  return new Map(rows.map(({ id, length }) => [id, length]));
}

/** The longest time that a version took, for each prompt and annotator of a project. */
export function activeTimes(db: Database, projectId: string) {
  return db
    .select({
      promptId: annotations.promptId,
      annotatorId: annotations.annotatorId,
      name: users.name,
      ms: max(annotations.timeOnTaskMs),
    })
    .from(annotations)
    .innerJoin(users, eq(users.id, annotations.annotatorId))
    .where(eq(annotations.projectId, projectId))
    .groupBy(annotations.promptId, annotations.annotatorId, users.name);
}
