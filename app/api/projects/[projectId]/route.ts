import { readJson, route, routeFor } from '@/lib/http/route';
import { updateProjectSchema } from '@/lib/schemas/account';
import { updateProject, viewProject } from '@/lib/services/projects';

type Params = { projectId: string };

export const GET = route<Params>(({ db, actor, params }) => viewProject(actor, db, params.projectId));

export const PATCH = routeFor<Params>('project.edit', async ({ db, actor, params, request }) => {
  return { project: await updateProject(actor, db, params.projectId, await readJson(request, updateProjectSchema)) };
});
