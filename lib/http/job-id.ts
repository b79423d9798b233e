import { jobQuerySchema } from '@/lib/schemas/job';
import { parse } from './route';

/** The id that the person who asked wants to follow the work by, if any. */
export function jobId(url: URL): string | undefined {
  return parse(jobQuerySchema, Object.fromEntries(url.searchParams)).job;
}
