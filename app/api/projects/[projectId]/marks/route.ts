import { parse, readJson, route, routeFor } from '@/lib/http/route';
import { markChangeSchema, marksQuerySchema } from '@/lib/schemas/prompt-mark';
import { changeMark, listMarks } from '@/lib/services/prompt-marks';

export const GET = route<{ projectId: string }>(async ({ actor, db, url, params }) => ({
  marks: await listMarks(
    actor,
    db,
    params.projectId,
    parse(marksQuerySchema, Object.fromEntries(url.searchParams)).prompt,
  ),
}));

export const POST = routeFor<{ projectId: string }>('annotate', async ({ actor, db, request, params }) => {
  await changeMark(actor, db, params.projectId, await readJson(request, markChangeSchema));
  return new Response(null, { status: 204 });
});
