import { routeFor } from '@/lib/http/route';
import { sentFile } from '@/lib/http/sent-file';
import { importPrompts } from '@/lib/services/import-prompts';

export const POST = routeFor<{ projectId: string }>('prompts.import', async (context) =>
  importPrompts(context.actor, context.db, context.params.projectId, await sentFile(context)),
);
