/** Rows of a running job: they are written where nobody sees them, and later published in one statement or deleted. */
import { and, eq, gt, gte, inArray, isNotNull } from 'drizzle-orm';
import { prompts, responses } from '@/drizzle/schema';
import type { ImportedPrompt } from '@/lib/schemas/prompt-import';
import type { Database } from './client';
import { chunks } from './prompts';
import { publishedCounts } from './published';

/** Rows that are deleted per statement. */
const SWEEP_BATCH = 200;

/** Writes prompts with their responses at positions beyond the published ones, where nobody sees them yet. */
export async function stagePrompts(
  tx: Database,
  projectId: string,
  firstPosition: number,
  added: readonly { prompt: ImportedPrompt; contentHash: string }[],
): Promise<void> {
  if (added.length === 0) return;
  const rows = await tx
    .insert(prompts)
    .values(
      added.map(({ prompt, contentHash }, i) => ({
        projectId,
        externalId: prompt.externalId,
        messages: prompt.messages,
        documents: prompt.documents,
        referenceLabel: prompt.referenceLabel ?? null,
        language: prompt.language ?? null,
        priority: prompt.priority ?? 0,
        contentHash,
        position: firstPosition + i,
      })),
    )
    .returning({ id: prompts.id, externalId: prompts.externalId });
  const ids = new Map(rows.map(({ id, externalId }) => [externalId, id]));
  const responseRows = added.flatMap(({ prompt }) =>
    prompt.responses.map((response, i) => ({
      promptId: ids.get(prompt.externalId)!,
      externalId: response.id,
      text: response.text,
      source: response.source,
      label: response.label ?? null,
      position: i,
    })),
  );
  for (const chunk of chunks(responseRows)) await tx.insert(responses).values(chunk);
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

/** Deletes some of the rows that were staged and never published. @returns whether there may be more */
export async function sweepStaged(db: Database, projectId: string): Promise<boolean> {
  const { prompts: count, additions } = await publishedCounts(db, projectId);
  const stagedPrompts = db
    .select({ id: prompts.id })
    .from(prompts)
    .where(and(eq(prompts.projectId, projectId), gte(prompts.position, count)))
    .limit(SWEEP_BATCH);
  const stagedResponses = db
    .select({ id: responses.id })
    .from(responses)
    .innerJoin(prompts, eq(prompts.id, responses.promptId))
    .where(and(eq(prompts.projectId, projectId), isNotNull(responses.addedAt), gt(responses.addition, additions)))
    .limit(SWEEP_BATCH);
  const deleted = [
    ...(await db.delete(prompts).where(inArray(prompts.id, stagedPrompts)).returning({ id: prompts.id })),
    ...(await db.delete(responses).where(inArray(responses.id, stagedResponses)).returning({ id: responses.id })),
  ];
  return deleted.length > 0;
}
