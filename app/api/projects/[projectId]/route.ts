import { readJson, route, routeFor } from '@/lib/http/route';
import { deleteProjectSchema, updateProjectSchema } from '@/lib/schemas/account';
import { deleteProject, removeDeletedProjects } from '@/lib/services/close-project';
import { updateProject, viewProject } from '@/lib/services/projects';

type Params = { projectId: string };

export const GET = route<Params>(({ db, actor, params }) => viewProject(actor, db, params.projectId));

export const PATCH = routeFor<Params>('project.edit', async ({ db, actor, params, request }) => {
  return { project: await updateProject(actor, db, params.projectId, await readJson(request, updateProjectSchema)) };
});

/** Hides the project at once; its rows and files are deleted afterwards, in the background. */
export const DELETE = routeFor<Params>('project.close', async ({ db, actor, params, request }) => {
  await deleteProject(actor, db, params.projectId, (await readJson(request, deleteProjectSchema)).name);
  removeDeletedProjects(db).catch((error: unknown) => console.error('A deleted project was not removed:', error));
  return new Response(null, { status: 204 });
});
