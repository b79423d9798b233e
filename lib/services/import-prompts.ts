import { authorizeInProject } from '@/lib/auth/in-project';
import type { Actor } from '@/lib/auth/permissions';
import { invalid } from '@/lib/auth/refusal';
import type { Database } from '@/lib/db/client';
import { publish, publishedCounts } from '@/lib/db/published';
import { stagePrompts, stageResponses } from '@/lib/db/staging';
import { recordEvent } from '@/lib/db/webhooks';
import { firstErrors } from '@/lib/formats/first-errors';
import type { RowError } from '@/lib/formats/format';
import type { ColumnMapping } from '@/lib/schemas/column-mapping';
import type { JudgementChoice } from '@/lib/schemas/import-preview';
import type { ImportResult } from '@/lib/schemas/prompt-import';
import type { BadLine } from '@/trainer/contract/message';
import { rememberColumns } from './column-mappings';
import { compareImport } from './import-comparison';
import { judgementFaults, refuseTooManyAnnotators, storeJudgements, textsOf } from './import-judgements';
import { parseImport } from './parse-file';
import { runProjectJob } from './project-job';

/** Prompts per step of the job, which takes some tens of milliseconds. */
const STEP = 100;

export interface ImportChoices {
  /** By which the client follows the job. */
  jobId?: string | undefined;
  /** Imports what is good of a file that has bad lines. */
  leaveOut?: boolean;
  /** Who made its judgements, where the file itself does not say. */
  judgements?: JudgementChoice;
  /** What its columns hold, where its rows are of no known shape; remembered for the next file with these columns. */
  mapping?: ColumnMapping | undefined;
}

/**
 * Imports all prompts of a file or none, unless bad lines shall be left out; see project-job.ts. Its judgements follow in
 * steps, and a file that is imported again adds those that are missing.
 * @throws Refusal 'invalid' whose details list the invalid and conflicting lines (the first few hundred) with their
 * reasons
 */
export async function importPrompts(
  actor: Actor,
  db: Database,
  projectId: string,
  file: Uint8Array,
  { jobId, leaveOut = false, judgements: choice = 'people', mapping }: ImportChoices = {},
): Promise<ImportResult> {
  const { project } = await authorizeInProject(db, actor, 'prompts.import', projectId);
  return runProjectJob(actor, db, projectId, jobId, async (job) => {
    const { prompts, ...parsed } = await parseImport(file, mapping);
    const given = choice === 'leave-out' ? [] : parsed.judgements;
    const faults = await judgementFaults(db, projectId, { prompts, judgements: given });
    const errors: RowError[] = [...parsed.errors, ...faults];
    const fatal = leaveOut ? errors.filter(({ ends }) => ends) : errors;
    if (fatal.length > 0) throw refuse(fatal);
    await refuseTooManyAnnotators(db, projectId, given);
    const { added, unchanged, extended, conflicts } = await compareImport(db, projectId, prompts);
    if (conflicts.length > 0 && !leaveOut) throw refuse(conflicts);
    const bad = new Set([...errors, ...conflicts].map(({ line }) => line));
    const judgements = given.filter(({ line }) => !bad.has(line));
    const judged = new Set(judgements.map(({ promptId }) => promptId)).size;
    const written = added.length + extended.length;
    await job.setTotal(written + judged);
    if (mapping) await job.step(0, (tx) => rememberColumns(tx, projectId, parsed.columns, mapping));
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
    const result = { imported: added.length, unchanged, extended: extended.length };
    const show = async (tx: Database) => {
      await publish(tx, projectId, { prompts: added.length, responses, additions: extended.length > 0 ? 1 : 0 });
      if (written > 0) await recordEvent(tx, projectId, 'prompts.imported', { ...result, responses });
    };
    const leftOut = bad.size > 0 && { leftOut: bad.size };
    if (judgements.length === 0) {
      await job.publish(show);
      return { ...result, ...leftOut };
    }
    await job.step(written, show);
    const kind = choice === 'model' ? 'model' : 'imported';
    const texts = textsOf(prompts);
    const stored = await storeJudgements(job, db, project, { judgements, texts, kind, done: written });
    return { ...result, ...(stored > 0 && { judgements: stored }), ...leftOut };
  });
}

function refuse(errors: BadLine[]) {
  const lines = new Set(errors.map(({ line }) => line)).size;
  const { line, reason } = errors[0]!;
  return invalid('importRefused', { lines, line, reason }, (translate) => firstErrors(errors, translate));
}
