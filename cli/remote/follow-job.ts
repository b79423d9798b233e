/** Long work of a server, whose progress is shown while its request is open. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { CommandError, type CommandIo } from '../../trainer/cli/command-line';
import { ProgressBar } from '../../trainer/cli/progress-bar';
import type { ServerApi, ServerRequest } from './server-api';

const POLL_MS = 1_000;
const jobSchema = z.object({
  job: z
    .object({
      state: z.string(),
      done: z.number(),
      total: z.number(),
      result: z.unknown().optional(),
      failure: z.object({ message: z.string() }).optional(),
    })
    .nullable(),
});

/** The work whose answer was lost is done all the same. */
class Done extends Error {
  constructor(readonly result: unknown) {
    super('done');
  }
}

/**
 * Where the connection breaks, the work goes on in the server: it is waited for. Where the server knows what came of it,
 * that is the answer; else it is asked for again, which changes nothing where it was done.
 * @param path with its query so far, or without one
 */
export async function requestWork<S extends z.ZodType>(
  server: ServerApi,
  schema: S,
  { path, label, request, io }: { path: string; label: string; request: ServerRequest; io: CommandIo },
): Promise<z.output<S>> {
  const work = { job: randomUUID(), ended: false };
  const progress = new ProgressBar(label, io.stderr);
  const look = async () => {
    const { job } = await server.json(jobSchema, 'GET', `/jobs/${work.job}`);
    if (job && job.total > 0 && job.done < job.total) progress.update(job.done, job.total);
    return job;
  };
  const follow = async () => {
    for (await sleep(POLL_MS); !work.ended; await sleep(POLL_MS)) await look();
  };
  // A key that may import and not read is told no progress.
  follow().catch(() => undefined);
  const withJob = () => `${path}${path.includes('?') ? '&' : '?'}job=${work.job}`;
  const beforeRetry = async () => {
    let job = await look().catch(() => null);
    for (; job?.state === 'running'; job = await look().catch(() => null)) await sleep(POLL_MS);
    if (job?.state === 'done' && job.result) throw new Done(job.result);
    if (job?.failure) throw new CommandError(job.failure.message);
    // An id names one piece of work.
    work.job = randomUUID();
  };
  try {
    return await server.json(schema, 'POST', withJob, { ...request, beforeRetry });
  } catch (error) {
    if (error instanceof Done) return schema.parse(error.result);
    throw error;
  } finally {
    work.ended = true;
  }
}
