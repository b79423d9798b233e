import { readBytes, route } from '@/lib/http/route';
import { importLimits } from '@/lib/schemas/prompt-import';
import { importPrompts } from '@/lib/services/import-prompts';

export const POST = route<{ projectId: string }>(async ({ actor, db, request, params }) =>
  importPrompts(actor, db, params.projectId, await readBytes(request, importLimits.fileBytes)),
);
