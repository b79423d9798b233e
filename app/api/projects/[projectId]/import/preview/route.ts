import { readBytes, routeFor } from '@/lib/http/route';
import { previewImport } from '@/lib/services/preview-import';

export const POST = routeFor<{ projectId: string }>('prompts.import', async ({ actor, db, request, params, say }) =>
  previewImport(actor, db, params.projectId, await readBytes(request), say),
);
