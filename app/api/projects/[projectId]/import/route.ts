import { readBytes, routeFor } from '@/lib/http/route';
import { importPrompts } from '@/lib/services/import-prompts';

export const POST = routeFor<{ projectId: string }>('prompts.import', async ({ actor, db, request, params }) =>
  importPrompts(actor, db, params.projectId, await readBytes(request)),
);
