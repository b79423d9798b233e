import { authorizeInProject } from '@/lib/auth/in-project';
import type { Actor } from '@/lib/auth/permissions';
import { invalid } from '@/lib/auth/refusal';
import type { Database } from '@/lib/db/client';
import { publish, publishedCounts } from '@/lib/db/published';
import { stagePrompts, stageResponses } from '@/lib/db/staging';
import { firstErrors } from '@/lib/formats/first-errors';
import type { ImportResult } from '@/lib/schemas/prompt-import';
import type { BadLine } from '@/trainer/contract/message';
import { compareImport } from './import-comparison';
import { parseFile } from './parse-file';
import { runProjectJob } from './project-job';

/** Prompts per step of the job, which takes some tens of milliseconds. */
const STEP = 100;

/**
 * Imports all prompts of a file or none; see project-job.ts.
 * @param jobId by which the client follows the job
 * @throws Refusal 'invalid' whose details list the invalid and conflicting lines (the first few hundred) with their
 * reasons
 */
export async function importPrompts(
  actor: Actor,
  db: Database,
  projectId: string,
  file: Uint8Array,
  jobId?: string,
): Promise<ImportResult> {
  await authorizeInProject(db, actor, 'prompts.import', projectId);
  return runProjectJob(actor, db, projectId, jobId, async (job) => {
    const { items: prompts, rest } = await parseFile('prompts', file);
    if (rest.errors.length > 0) throw refuse(rest.errors);
    const { added, unchanged, extended, conflicts } = await compareImport(db, projectId, prompts);
    if (conflicts.length > 0) throw refuse(conflicts);
    await job.setTotal(added.length + extended.length);
    const before = await publishedCounts(db, projectId);
    for (let start = 0; start < added.length; start += STEP) {
      const chunk = added.slice(start, start + STEP);
      await job.step(start + chunk.length, (tx) => stagePrompts(tx, projectId, before.prompts + start, chunk));
    }
    for (let start = 0; start < extended.length; start += STEP) {
      const chunk = extended.slice(start, start + STEP);
      const rows = chunk.flatMap(({ promptId, position, responses }) =>
        responses.map(({ id, label, ...response }, i) => ({
          ...response,
          promptId,
          externalId: id,
          label: label ?? null,
          position: position + i,
        })),
      );
      const done = added.length + start + chunk.length;
      await job.step(done, (tx) => stageResponses(tx, before.additions + 1, rows));
    }
    const responses = [...added.map(({ prompt }) => prompt), ...extended].reduce(
      (n, error) => n + error.responses.length,
      0,
    );
    await job.publish((tx) =>
      publish(tx, projectId, { prompts: added.length, responses, additions: extended.length > 0 ? 1 : 0 }),
    );
    return { imported: added.length, unchanged, extended: extended.length };
  });
}

function refuse(errors: BadLine[]) {
  const lines = new Set(errors.map(({ line }) => line)).size;
  const { line, reason } = errors[0]!;
  return invalid('importRefused', { lines, line, reason }, (translate) => firstErrors(errors, translate));
}
