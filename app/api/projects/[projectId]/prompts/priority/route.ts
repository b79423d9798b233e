import { jobId } from '@/lib/http/job-id';
import { readJson, routeFor } from '@/lib/http/route';
import { setPrioritySchema } from '@/lib/schemas/prompt-priority';
import { prioritizePrompts } from '@/lib/services/prioritize-prompts';

export const POST = routeFor<{ projectId: string }>('project.edit', async ({ actor, db, request, params, url }) =>
  prioritizePrompts(actor, db, params.projectId, await readJson(request, setPrioritySchema), jobId(url)),
);
