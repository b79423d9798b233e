import { authorizeInProject } from '@/lib/auth/in-project';
import type { Actor } from '@/lib/auth/permissions';
import { notFound } from '@/lib/auth/refusal';
import type { Database } from '@/lib/db/client';
import { everyResponseOf, promptIdsOfProject, type ResponseRow } from '@/lib/db/prompts';
import { publish, publishedCounts } from '@/lib/db/published';
import { stageResponses } from '@/lib/db/staging';
import type { AddedResponses, AddResponsesRequest } from '@/lib/schemas/new-responses';
import { importLimits } from '@/lib/schemas/prompt-import';
import type { ExternalResponseId } from '@/trainer/contract/ids';
import { foldedText } from '@/trainer/data/response-text';
import { runProjectJob } from './project-job';
import { createYielder } from './yield-to-event-loop';

/** Responses per step of the job. */
const STEP = 400;

/**
 * Adds candidate responses to existing prompts, all or nothing; see project-job.ts. Responses that a prompt has
 * already, or has no room for, are skipped and counted, so that sending the same again adds nothing. Annotations and
 * snapshots do not change: in them the new responses count as not judged.
 * @throws Refusal 'not_found' for a prompt that is not in the project
 */
export async function addResponses(
  actor: Actor,
  db: Database,
  projectId: string,
  { source, prompts }: AddResponsesRequest,
): Promise<AddedResponses> {
  await authorizeInProject(db, actor, 'prompts.import', projectId);
  // The job serialises additions to a project, since two of them could otherwise both take a prompt's last free place.
  return runProjectJob(actor, db, projectId, undefined, async (job) => {
    const ids = prompts.map(({ promptId }) => promptId);
    const existing = await promptIdsOfProject(db, projectId, ids);
    if (ids.some((id) => !existing.has(id))) throw notFound('onePromptElsewhere');
    const present = await everyResponseOf(db, ids);
    const result: AddedResponses = { responses: 0, prompts: 0, duplicates: 0, beyond: 0 };
    const added = [];
    const yieldIfDue = createYielder();
    for (const { promptId, responses } of prompts) {
      await yieldIfDue();
      const chosen = newResponses(present.get(promptId)!, responses, result);
      if (chosen.length > 0) result.prompts++;
      result.responses += chosen.length;
      for (const { label, ...row } of chosen) added.push({ ...row, promptId, source, label: label ?? null });
    }
    if (added.length === 0) return result;
    await job.setTotal(added.length);
    const addition = (await publishedCounts(db, projectId)).additions + 1;
    for (let start = 0; start < added.length; start += STEP) {
      const batch = added.slice(start, start + STEP);
      await job.step(start + batch.length, (tx) => stageResponses(tx, addition, batch));
    }
    await job.publish((tx) => publish(tx, projectId, { prompts: 0, responses: added.length, additions: 1 }));
    return result;
  });
}

type NewRow = AddResponsesRequest['prompts'][number]['responses'][number] & {
  externalId: ExternalResponseId;
  position: number;
};

/** The responses that the prompt does not have and has room for, with ids and positions after the existing ones. */
function newResponses(
  present: readonly ResponseRow[],
  offered: AddResponsesRequest['prompts'][number]['responses'],
  excludedIds: Pick<AddedResponses, 'duplicates' | 'beyond'>,
): NewRow[] {
  const texts = new Set(present.map(({ text }) => foldedText(text)));
  const ids = new Set(present.map(({ externalId }) => externalId));
  const rows: NewRow[] = [];
  let position = present.reduce((maxCount, row) => Math.max(maxCount, row.position), -1);
  let number = 0;
  for (const response of offered) {
    if (texts.has(foldedText(response.text))) excludedIds.duplicates++;
    else if (present.length + rows.length >= importLimits.maxResponses) excludedIds.beyond++;
    else {
      texts.add(foldedText(response.text));
      do number++;
      while (ids.has(`sample-${number}`));
      rows.push({ ...response, externalId: `sample-${number}`, position: ++position });
    }
  }
  return rows;
}
