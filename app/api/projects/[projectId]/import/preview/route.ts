import { readBytes, route } from '@/lib/http/route';
import { importLimits } from '@/lib/schemas/prompt-import';
import { previewImport } from '@/lib/services/preview-import';

export const POST = route<{ projectId: string }>(async ({ actor, db, request, params, say }) =>
  previewImport(actor, db, params.projectId, await readBytes(request, importLimits.fileBytes), say),
);
