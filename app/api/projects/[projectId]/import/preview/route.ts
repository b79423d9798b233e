import { routeFor } from '@/lib/http/route';
import { sentFile } from '@/lib/http/sent-file';
import { previewImport } from '@/lib/services/preview-import';

export const POST = routeFor<{ projectId: string }>('prompts.import', async (context) =>
  previewImport(context.actor, context.db, context.params.projectId, await sentFile(context), context.translate),
);
