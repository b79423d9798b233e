import { readJson, route, routeFor } from '@/lib/http/route';
import { publishGuidelinesSchema } from '@/lib/schemas/guidelines';
import { publishGuidelines, viewGuidelines } from '@/lib/services/guidelines';

type Params = { projectId: string };

export const GET = route<Params>(({ actor, db, params }) => viewGuidelines(actor, db, params.projectId));

export const POST = routeFor<Params>('project.edit', async ({ actor, db, params, request }) => ({
  current: await publishGuidelines(actor, db, params.projectId, await readJson(request, publishGuidelinesSchema)),
}));
