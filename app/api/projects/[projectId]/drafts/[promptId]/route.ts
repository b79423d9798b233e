import { readJson, routeFor } from '@/lib/http/route';
import { draftSchema } from '@/lib/schemas/draft';
import { saveDraft } from '@/lib/services/save-draft';

export const PUT = routeFor<{ projectId: string; promptId: string }>(
  'annotate',
  async ({ actor, db, request, params }) =>
    saveDraft(actor, db, params.projectId, params.promptId, await readJson(request, draftSchema)),
);
