import { eq, inArray, max, sql } from 'drizzle-orm';
import { annotations, prompts, responses, users } from '@/drizzle/schema';
import type { Database } from './client';

/** Prompt id -> characters to read: its messages and its responses. */
export async function readingLengths(db: Database, promptIds: readonly string[]): Promise<Map<string, number>> {
  if (promptIds.length === 0) return new Map();
  const rows = await db
    .select({
      id: prompts.id,
      length: sql<number>`cast(length(${prompts.messages}::text) + coalesce(sum(length(${responses.text})), 0) as integer)`,
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
