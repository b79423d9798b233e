import { readJson, route } from '@/lib/http/route';
import { draftSchema } from '@/lib/schemas/draft';
import { saveDraft } from '@/lib/services/save-draft';

export const PUT = route<{ projectId: string; promptId: string }>(async ({ actor, db, request, params }) =>
  saveDraft(actor, db, params.projectId, params.promptId, await readJson(request, draftSchema)),
);
