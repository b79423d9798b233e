import { createdAnswer } from '@/lib/http/created-answer';
import { parse, readJson, route, routeFor } from '@/lib/http/route';
import { momentQuerySchema } from '@/lib/schemas/cursor';
import { createRunRequestSchema } from '@/lib/schemas/run';
import { createRun } from '@/lib/services/create-run';
import { listRuns } from '@/lib/services/get-run';

export const GET = route<{ projectId: string }>(({ actor, db, params, url }) => {
  const { after } = parse(momentQuerySchema, Object.fromEntries(url.searchParams));
  return listRuns(actor, db, params.projectId, after);
});

export const POST = routeFor<{ projectId: string }>('runs.manage', async (context) => {
  const { actor, params } = context;
  const body = await readJson(context.request, createRunRequestSchema);
  return createdAnswer(context, body, async (db) => ({ run: await createRun(actor, db, params.projectId, body) }));
});
