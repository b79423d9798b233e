import { createdFromFile } from '@/lib/http/created-answer';
import { jobId } from '@/lib/http/job-id';
import { importFile } from '@/lib/http/request-file';
import { parse, routeFor } from '@/lib/http/route';
import { importQuerySchema } from '@/lib/schemas/import-preview';
import type { ImportResult } from '@/lib/schemas/prompt-import';
import { importPrompts } from '@/lib/services/import-prompts';

export const POST = routeFor<{ projectId: string }>('prompts.import', async (context) => {
  const { actor, db, params, url } = context;
  const query = parse(importQuerySchema, Object.fromEntries(url.searchParams));
  const { judgements, columns: mapping } = query;
  const leaveOut = query['bad-lines'] === 'leave-out';
  const choices = { jobId: jobId(url), leaveOut, mapping, ...(judgements && { judgements }) };
  return createdFromFile<ImportResult>(context, async (body, keep) => {
    const { file, ...upload } = body ? { file: body } : await importFile(context);
    return importPrompts(actor, db, params.projectId, file, { ...choices, ...upload, keep });
  });
});
