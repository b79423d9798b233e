import { authorizeInProject } from '@/lib/auth/in-project';
import type { Actor } from '@/lib/auth/permissions';
import type { Database } from '@/lib/db/client';
import { annotatedAmong, promptsInUseAfter, responsesOfPrompts } from '@/lib/db/prompts';
import { type PromptsToSamplePage, promptsToSampleCursor } from '@/lib/schemas/new-responses';

const PAGE = 200;

/**
 * The project's prompts to sample responses for, a page at a time in import order.
 */
export async function promptsToSample(
  actor: Actor,
  db: Database,
  projectId: string,
  after = -1,
): Promise<PromptsToSamplePage> {
  await authorizeInProject(db, actor, 'prompts.read', projectId);
  const rows = await promptsInUseAfter(db, projectId, after, PAGE);
  const ids = rows.map(({ id }) => id);
  const responses = await responsesOfPrompts(db, ids);
  const annotated = await annotatedAmong(db, ids);
  return {
    prompts: rows.map(({ id, externalId, messages, documents }) => ({
      promptId: id,
      externalId,
      messages,
      documents,
      responses: responses.get(id)!.map((response) => ({ id: response.externalId, text: response.text })),
      annotated: annotated.has(id),
    })),
    next: rows.length < PAGE ? null : promptsToSampleCursor.next(rows.at(-1)!.position),
  };
}
