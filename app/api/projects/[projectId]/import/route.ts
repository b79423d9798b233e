import { jobId } from '@/lib/http/job-id';
import { routeFor } from '@/lib/http/route';
import { sentFile } from '@/lib/http/sent-file';
import { importPrompts } from '@/lib/services/import-prompts';

export const POST = routeFor<{ projectId: string }>('prompts.import', async (context) => {
  const { actor, db, params, url } = context;
  const job = jobId(url);
  return importPrompts(actor, db, params.projectId, await sentFile(context), job);
});
