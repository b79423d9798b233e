import { jobId } from '@/lib/http/job-id';
import { json, readJson, routeFor } from '@/lib/http/route';
import { cloneProjectSchema } from '@/lib/schemas/account';
import { cloneProject } from '@/lib/services/clone-project';

export const POST = routeFor<{ projectId: string }>('prompts.read', async ({ actor, db, request, params, url }) => {
  const body = await readJson(request, cloneProjectSchema);
  return json({ project: await cloneProject(actor, db, params.projectId, body, jobId(url)) }, { status: 201 });
});
