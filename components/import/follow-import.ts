/** An import goes on in the server when its request breaks, and after a restart of the server: its job says how it ended. */
import { ApiError, api } from '@/components/ui/api';
import type { JobAnswer } from '@/lib/schemas/job';
import type { ImportResult } from '@/lib/schemas/prompt-import';

const POLL_MS = 1_000;
/** A server that was restarted has taken its imports over by then. */
const PATIENCE_MS = 120_000;

/**
 * Waits until the job has ended.
 * @throws ApiError with the bad lines as details where it failed; 'aborted'
 */
export async function followImport(jobId: string, { signal }: { signal: AbortSignal }): Promise<ImportResult> {
  let silentSince = Date.now();
  for (;;) {
    const answer = await api<JobAnswer>(`/jobs/${jobId}`, { signal }).catch((error: unknown) => {
      if (error instanceof ApiError && error.code === 'network' && Date.now() - silentSince < PATIENCE_MS) return null;
      throw error;
    });
    if (answer) {
      silentSince = Date.now();
      const { job } = answer;
      if (job?.state === 'done' && job.result) return job.result;
      if (job?.state !== 'running') throw endOf(job);
    }
    await new Promise((done) => setTimeout(done, POLL_MS));
  }
}

function endOf(job: JobAnswer['job']): ApiError {
  const { failure } = job ?? {};
  return failure
    ? new ApiError(400, 'invalid', failure.message, failure)
    : new ApiError(0, 'network', 'The server did not answer.');
}

const keyOf = (projectId: string) => `rescue-import-${projectId}`;

/** The import of a project that this browser began and has not seen end, also after a reload of the page. */
export const runningImport = {
  get: (projectId: string): string | null => sessionStorage.getItem(keyOf(projectId)),
  set: (projectId: string, jobId: string): void => sessionStorage.setItem(keyOf(projectId), jobId),
  clear: (projectId: string): void => sessionStorage.removeItem(keyOf(projectId)),
};
