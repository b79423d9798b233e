import { json, readJson, route, routeFor } from '@/lib/http/route';
import { createProjectSchema } from '@/lib/schemas/account';
import { createProject, listProjects } from '@/lib/services/projects';

export const GET = route(async ({ db, actor }) => ({ projects: await listProjects(actor, db) }));

export const POST = routeFor('projects.create', async ({ db, actor, request }) => {
  const project = await createProject(actor, db, await readJson(request, createProjectSchema));
  return json({ project }, { status: 201 });
});
