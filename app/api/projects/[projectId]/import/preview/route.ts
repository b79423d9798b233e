import { importFile } from '@/lib/http/request-file';
import { parse, routeFor } from '@/lib/http/route';
import { previewQuerySchema } from '@/lib/schemas/import-preview';
import { previewImport } from '@/lib/services/preview-import';

export const POST = routeFor<{ projectId: string }>('prompts.import', async (context) => {
  const { actor, db, params, translate, url } = context;
  const { columns: mapping } = parse(previewQuerySchema, Object.fromEntries(url.searchParams));
  const { file } = await importFile(context);
  return previewImport(actor, db, params.projectId, file, { translate, mapping });
});
