import { readRequestFile } from '@/lib/http/request-file';
import { routeFor } from '@/lib/http/route';
import { previewImport } from '@/lib/services/preview-import';

export const POST = routeFor<{ projectId: string }>('prompts.import', async (context) =>
  previewImport(context.actor, context.db, context.params.projectId, await readRequestFile(context), context.translate),
);
