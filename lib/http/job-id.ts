import { jobQuerySchema } from '@/lib/schemas/job';
import { parse } from './route';

/** The id by which the client wants to follow the job, if it sent one. */
export function jobId(url: URL): string | undefined {
  return parse(jobQuerySchema, Object.fromEntries(url.searchParams)).job;
}
