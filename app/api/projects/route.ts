import { createdAnswer } from '@/lib/http/created-answer';
import { parse, readJson, route, routeFor } from '@/lib/http/route';
import { createProjectSchema } from '@/lib/schemas/account';
import { momentQuerySchema } from '@/lib/schemas/cursor';
import { createProject, listProjects } from '@/lib/services/projects';

export const GET = route(({ db, actor, url }) => {
  const { after } = parse(momentQuerySchema, Object.fromEntries(url.searchParams));
  return listProjects(actor, db, after);
});

export const POST = routeFor('projects.create', async (context) => {
  const body = await readJson(context.request, createProjectSchema);
  return createdAnswer(context, body, async (db) => ({ project: await createProject(context.actor, db, body) }));
});
