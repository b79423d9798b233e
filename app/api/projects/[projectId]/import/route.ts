import { jobId } from '@/lib/http/job-id';
import { readRequestFile } from '@/lib/http/request-file';
import { routeFor } from '@/lib/http/route';
import { importPrompts } from '@/lib/services/import-prompts';

export const POST = routeFor<{ projectId: string }>('prompts.import', async (context) => {
  const { actor, db, params, url } = context;
  const job = jobId(url);
  return importPrompts(actor, db, params.projectId, await readRequestFile(context), job);
});
