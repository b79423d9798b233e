import { authorizeInProject, requireUuid } from '@/lib/auth/in-project';
import type { Actor } from '@/lib/auth/permissions';
import type { Database } from '@/lib/db/client';
import { type JobRow, jobById, requestCancel } from '@/lib/db/jobs';
import { firstErrors } from '@/lib/formats/first-errors';
import type { Translate } from '@/lib/i18n/translate';
import type { JobAnswer, JobFailure, JobProgress } from '@/lib/schemas/job';

/** The job is null before it has started, and for other people's jobs. */
export async function getJob(actor: Actor, db: Database, jobId: string, translate: Translate): Promise<JobAnswer> {
  const row = await authorizedJob(actor, db, jobId);
  if (!row) return { job: null };
  const { state, done, total, items, result } = row;
  const failure = row.failure === null ? null : (JSON.parse(row.failure) as JobFailure);
  return {
    job: {
      state: state as JobProgress['state'],
      done,
      total,
      ...(items > 0 && { items }),
      ...(state === 'done' && result && { result }),
      ...(failure && {
        failure: {
          message: translate(failure.message),
          ...firstErrors(failure.lines, translate),
          errorCount: failure.lineCount,
        },
      }),
    },
  };
}

/**
 * Requests that the job stops, which it does before its next step, deleting what it wrote. An ended job does not
 * change.
 */
export async function cancelJob(actor: Actor, db: Database, jobId: string): Promise<void> {
  const row = await authorizedJob(actor, db, jobId);
  if (row) await requestCancel(db, row.id);
}

async function authorizedJob(actor: Actor, db: Database, jobId: string): Promise<JobRow | undefined> {
  const row = await jobById(db, requireUuid(jobId));
  if (row?.createdBy !== actor.userId) return undefined;
  await authorizeInProject(db, actor, 'prompts.read', row.projectId);
  return row;
}
