import { authorizeInProject } from '@/lib/auth/in-project';
import type { Actor } from '@/lib/auth/permissions';
import type { Database } from '@/lib/db/client';
import type { ProjectRow } from '@/lib/db/projects';
import { type PublishedCounts, publish } from '@/lib/db/published';
import { recordEvent } from '@/lib/db/webhooks';
import type { ColumnMapping } from '@/lib/schemas/column-mapping';
import type { JudgementChoice } from '@/lib/schemas/import-preview';
import type { JobInput } from '@/lib/schemas/job';
import type { ImportResult } from '@/lib/schemas/prompt-import';
import { rememberColumns } from './column-mappings';
import type { KeepAnswer } from './create-once';
import type { ImportFile } from './import-file';
import { refuseTooManyAnnotators, storeJudgements } from './import-judgements';
import { type OpenImport, openImport } from './open-import';
import { type Job, runProjectJob } from './project-job';
import { stageImport } from './stage-import';

export interface ImportChoices {
  /** By which the client follows the job. */
  jobId?: string | undefined;
  /** Imports what is good of a file that has bad lines. */
  leaveOut?: boolean;
  /** Who made its judgements, where the file itself does not say. */
  judgements?: JudgementChoice;
  /** What its columns hold, where its rows are of no known shape; remembered for the next file with these columns. */
  mapping?: ColumnMapping | undefined;
  /** The upload that the file is: then another server can go on with the import. */
  upload?: string;
  /** Keeps the answer for a request that repeats this one, in the transaction that shows the prompts. */
  keep?: KeepAnswer<ImportResult> | undefined;
}

/** Raised when files are read otherwise, so that no import goes on where another reading of its file had come to. */
export const READING = 1;

/**
 * Imports all prompts of a file or none, unless bad lines shall be left out; see project-job.ts. The file is read in
 * batches, each of which is stored while the next is read, so that it is never in memory as a whole. Its judgements follow
 * in steps, and a file that is imported again adds those that are missing.
 * @throws Refusal 'invalid' whose details list the invalid and conflicting lines (the first few hundred) with their
 * reasons
 */
export async function importPrompts(
  actor: Actor,
  db: Database,
  projectId: string,
  file: ImportFile,
  { jobId, leaveOut = false, judgements = 'people', mapping, upload, keep }: ImportChoices = {},
): Promise<ImportResult> {
  const { project } = await authorizeInProject(db, actor, 'prompts.import', projectId);
  const choices = { leaveOut, judgements, ...(mapping && { mapping }) };
  const input = upload === undefined ? undefined : { ...choices, upload, reading: READING };
  const start = { id: jobId, input };
  return runProjectJob(actor, db, projectId, start, (job) => runImport(job, db, project, file, { ...choices, keep }));
}

type Choices = Pick<JobInput, 'leaveOut' | 'judgements' | 'mapping'> & Pick<ImportChoices, 'keep'>;

/** An import within its job; on one that a server died of, it goes on where that had come to. */
export async function runImport(
  job: Job,
  db: Database,
  project: ProjectRow,
  file: ImportFile,
  choices: Choices,
): Promise<ImportResult> {
  const open = await openImport(file, choices.mapping, job.id);
  try {
    return await importFrom(open, job, db, project, { ...choices, bytes: sizeOf(file) });
  } finally {
    await open.close();
  }
}

const sizeOf = (file: ImportFile) => (file instanceof Uint8Array ? file.length : file.bytes);

async function importFrom(
  open: OpenImport,
  job: Job,
  db: Database,
  project: ProjectRow,
  { leaveOut, judgements: choice, mapping, bytes, keep }: Choices & { bytes: number },
): Promise<ImportResult> {
  const { id: projectId } = project;
  const withJudgements = choice !== 'leave-out';
  const staged = await stageImport(open, job, db, projectId, { leaveOut, withJudgements, bytes });
  const { problems, annotators, judged } = staged;
  if (withJudgements) await refuseTooManyAnnotators(db, projectId, annotators);
  const { added, extended, unchanged, responses } = staged;
  const result = { imported: added, unchanged, extended };
  const show = async (tx: Database) => {
    const counts: PublishedCounts = { prompts: added, responses, additions: extended > 0 ? 1 : 0 };
    if (mapping) await rememberColumns(tx, projectId, await open.columns(), mapping);
    await publish(tx, projectId, counts);
    if (added + extended > 0) await recordEvent(tx, projectId, 'prompts.imported', { ...result, responses });
  };
  const leftOut = problems.lines > 0 && { leftOut: problems.lines };
  if (judged === 0) {
    const all = { ...result, ...leftOut };
    await job.publish(async (tx) => {
      await show(tx);
      await keep?.(tx, all);
    }, all);
    return all;
  }
  const before = job.result ?? { ...result, ...leftOut };
  if (!job.result) await job.publishPart(before, show);
  const kind = choice === 'model' ? 'model' : 'imported';
  const stored = await storeJudgements(job, db, project, {
    open,
    judged,
    isBad: (line) => problems.isBad(line),
    kind,
  });
  const all = { ...before, ...(stored > 0 && { judgements: stored }) };
  await job.publish(async (tx) => keep?.(tx, all), all);
  return all;
}
