import { createdAnswer } from '@/lib/http/created-answer';
import { readJson, route, routeFor } from '@/lib/http/route';
import { createProjectSchema } from '@/lib/schemas/account';
import { createProject, listProjects } from '@/lib/services/projects';

export const GET = route(async ({ db, actor }) => ({ projects: await listProjects(actor, db) }));

export const POST = routeFor('projects.create', async (context) => {
  const body = await readJson(context.request, createProjectSchema);
  return createdAnswer(context, body, async (db) => ({ project: await createProject(context.actor, db, body) }));
});
