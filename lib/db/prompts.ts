import { and, asc, eq, gt, inArray, notExists, notInArray } from 'drizzle-orm';
import { annotations, promptMarks, prompts, responses } from '@/drizzle/schema';
import { sawEveryResponse } from './annotations';
import type { Database } from './client';
import { published, publishedOf, publishedResponse } from './published';

export type PromptRow = typeof prompts.$inferSelect;
export type ResponseRow = typeof responses.$inferSelect;

/** Rows a statement: one takes 65,535 parameters at most. */
const CHUNK = 500;

export function* chunks<T>(items: readonly T[]): Generator<T[]> {
  for (let start = 0; start < items.length; start += CHUNK) yield items.slice(start, start + CHUNK);
}

/** External id -> content hash of those that the project has. */
export async function contentHashes(
  db: Database,
  projectId: string,
  externalIds: readonly string[],
): Promise<Map<string, string>> {
  const hashes = new Map<string, string>();
  for (const some of chunks(externalIds)) {
    const rows = await db
      .select({ externalId: prompts.externalId, contentHash: prompts.contentHash })
      .from(prompts)
      .where(and(published(projectId), inArray(prompts.externalId, some)));
    for (const row of rows) hashes.set(row.externalId, row.contentHash);
  }
  return hashes;
}

export async function promptsByExternalId(
  db: Database,
  projectId: string,
  externalIds: readonly string[],
): Promise<Map<string, PromptRow>> {
  const found = new Map<string, PromptRow>();
  for (const some of chunks(externalIds)) {
    const rows = await db
      .select()
      .from(prompts)
      .where(and(published(projectId), inArray(prompts.externalId, some)));
    for (const row of rows) found.set(row.externalId, row);
  }
  return found;
}

/** Which of these are prompts of the project. */
export async function promptIdsOfProject(
  db: Database,
  projectId: string,
  promptIds: readonly string[],
): Promise<Set<string>> {
  const found = new Set<string>();
  for (const some of chunks(promptIds)) {
    const rows = await db
      .select({ id: prompts.id })
      .from(prompts)
      .where(and(published(projectId), inArray(prompts.id, some)));
    for (const { id } of rows) found.add(id);
  }
  return found;
}

/** Which of these prompts somebody has annotated. */
export async function annotatedAmong(db: Database, promptIds: readonly string[]): Promise<Set<string>> {
  if (promptIds.length === 0) return new Set();
  const rows = await db
    .selectDistinct({ id: annotations.promptId })
    .from(annotations)
    .where(inArray(annotations.promptId, [...promptIds]));
  return new Set(rows.map(({ id }) => id));
}

export async function promptOfProject(
  db: Database,
  projectId: string,
  promptId: string,
): Promise<PromptRow | undefined> {
  const [row] = await db
    .select()
    .from(prompts)
    .where(and(eq(prompts.id, promptId), published(projectId)));
  return row;
}

/** Makes whoever annotates this prompt at the same moment come before or after this transaction. */
export async function lockPrompt(tx: Database, promptId: string): Promise<void> {
  await tx.select({ id: prompts.id }).from(prompts).where(eq(prompts.id, promptId)).for('update');
}

/** The next prompts after a position (-1 for the first), in import order. */
export function promptsAfter(db: Database, projectId: string, position: number, limit: number): Promise<PromptRow[]> {
  return db
    .select()
    .from(prompts)
    .where(and(published(projectId), gt(prompts.position, position)))
    .orderBy(asc(prompts.position))
    .limit(limit);
}

/** The first prompts in import order that the annotator is not done with and that are not listed; `only` these. */
export function promptsToAnnotate(
  db: Database,
  projectId: string,
  annotatorId: string,
  exclude: readonly string[],
  limit: number,
  only?: readonly string[],
): Promise<PromptRow[]> {
  const done = db
    .select({ id: annotations.id })
    .from(annotations)
    .where(and(eq(annotations.promptId, prompts.id), eq(annotations.annotatorId, annotatorId), sawEveryResponse(db)));
  const skipped = db
    .select({ id: promptMarks.promptId })
    .from(promptMarks)
    .where(
      and(
        eq(promptMarks.promptId, prompts.id),
        eq(promptMarks.annotatorId, annotatorId),
        eq(promptMarks.kind, 'skipped'),
      ),
    );
  return db
    .select()
    .from(prompts)
    .where(
      and(
        published(projectId),
        notExists(done),
        notExists(skipped),
        exclude.length > 0 ? notInArray(prompts.id, [...exclude]) : undefined,
        only ? inArray(prompts.id, [...only]) : undefined,
      ),
    )
    .orderBy(asc(prompts.position))
    .limit(limit);
}

/** Prompt id -> its responses in import order. */
export async function responsesOfPrompts(
  db: Database,
  promptIds: readonly string[],
): Promise<Map<string, ResponseRow[]>> {
  const byPrompt = new Map<string, ResponseRow[]>(promptIds.map((id) => [id, []]));
  for (const some of chunks(promptIds)) {
    const rows = await db
      .select()
      .from(responses)
      .where(and(inArray(responses.promptId, some), publishedResponse()))
      .orderBy(asc(responses.position));
    for (const row of rows) byPrompt.get(row.promptId)!.push(row);
  }
  return byPrompt;
}

export async function countPrompts(db: Database, projectId: string): Promise<number> {
  return (await publishedOf(db, projectId)).prompts;
}
