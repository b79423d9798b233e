/** Changes the priority of prompts; the order in which they are given out follows, see note_prompt in the migrations. */
import { authorizeInProject, requireUuid } from '@/lib/auth/in-project';
import type { Actor } from '@/lib/auth/permissions';
import { notFound } from '@/lib/auth/refusal';
import { recordAudit } from '@/lib/db/audit';
import type { Database } from '@/lib/db/client';
import type { PromptListCursor } from '@/lib/db/prompt-list';
import { countPrompts, lockPrompts, promptOfProject, setPriorityOf } from '@/lib/db/prompts';
import type { Prioritized, SetPriority } from '@/lib/schemas/prompt-priority';
import { matchingWithNamed } from './list-prompts';
import { runProjectJob } from './project-job';

/** Prompts per step of the job. */
const STEP = 100;

/**
 * One prompt is changed at once. All that a filter lets through are changed by a job, which other people need not wait for: in
 * short steps, so that a job that is cancelled leaves those that it came to with the new priority.
 * @param jobId by which the client follows the job
 */
export async function prioritizePrompts(
  actor: Actor,
  db: Database,
  projectId: string,
  request: SetPriority,
  jobId?: string,
): Promise<Prioritized> {
  const { project } = await authorizeInProject(db, actor, 'project.edit', projectId);
  const { priority } = request;
  const note = (tx: Database, changed: number, prompt: string | null) =>
    recordAudit(tx, {
      kind: 'prompts_prioritized',
      actorId: actor.userId,
      details: { project: project.name, priority, prompts: changed, ...(prompt !== null && { prompt }) },
    });
  if ('promptId' in request) {
    return db.transaction(async (tx) => {
      const prompt = await promptOfProject(tx, projectId, requireUuid(request.promptId));
      if (!prompt) throw notFound('noSuchPrompt');
      const changed = await setPriorityOf(tx, [prompt.id], priority);
      if (changed > 0) await note(tx, changed, prompt.externalId);
      return { changed };
    });
  }
  return runProjectJob(actor, db, projectId, jobId, async (job) => {
    await job.setTotal(await countPrompts(db, projectId));
    let changed = 0;
    let after: PromptListCursor | null = null;
    try {
      do {
        const found: Awaited<ReturnType<typeof matchingWithNamed>> = await matchingWithNamed(
          db,
          projectId,
          request.filter,
          after,
        );
        for (let start = 0; start < found.ids.length; start += STEP) {
          const ids = found.ids.slice(start, start + STEP);
          await job.step(after?.position ?? 0, async (tx) => {
            await lockPrompts(tx, ids);
            changed += await setPriorityOf(tx, ids, priority);
          });
        }
        after = found.end;
      } while (after !== null);
    } finally {
      if (changed > 0) await note(db, changed, null);
    }
    return { changed };
  });
}
