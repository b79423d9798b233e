import { jobId } from '@/lib/http/job-id';
import { importFile } from '@/lib/http/request-file';
import { parse, routeFor } from '@/lib/http/route';
import { importQuerySchema } from '@/lib/schemas/import-preview';
import { importPrompts } from '@/lib/services/import-prompts';

export const POST = routeFor<{ projectId: string }>('prompts.import', async (context) => {
  const { actor, db, params, url } = context;
  const query = parse(importQuerySchema, Object.fromEntries(url.searchParams));
  const { judgements, columns: mapping } = query;
  const leaveOut = query['bad-lines'] === 'leave-out';
  const { file, ...upload } = await importFile(context);
  const choices = { jobId: jobId(url), leaveOut, mapping, ...(judgements && { judgements }), ...upload };
  return importPrompts(actor, db, params.projectId, file, choices);
});
