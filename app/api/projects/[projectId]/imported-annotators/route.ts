import { readJson, route, routeFor } from '@/lib/http/route';
import { putImportedAnnotatorSchema } from '@/lib/schemas/people';
import { listImportedAnnotators, setImportedKind } from '@/lib/services/imported-annotators';

type Params = { projectId: string };

export const GET = route<Params>(({ actor, db, params }) => listImportedAnnotators(actor, db, params.projectId));

export const PUT = routeFor<Params>('members.manage', async ({ actor, db, params, request }) =>
  setImportedKind(actor, db, params.projectId, await readJson(request, putImportedAnnotatorSchema)),
);
