import { readJson, route, routeFor } from '@/lib/http/route';
import { markChangeSchema } from '@/lib/schemas/prompt-mark';
import { changeMark, listMarks } from '@/lib/services/prompt-marks';

export const GET = route<{ projectId: string }>(async ({ actor, db, params }) => ({
  marks: await listMarks(actor, db, params.projectId),
}));

export const POST = routeFor<{ projectId: string }>('annotate', async ({ actor, db, request, params }) => {
  await changeMark(actor, db, params.projectId, await readJson(request, markChangeSchema));
  return new Response(null, { status: 204 });
});
