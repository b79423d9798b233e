import { readJson, routeFor } from '@/lib/http/route';
import { archiveProjectSchema } from '@/lib/schemas/account';
import { setArchived } from '@/lib/services/close-project';

export const POST = routeFor<{ projectId: string }>('project.close', async ({ db, actor, params, request }) => {
  const { archived } = await readJson(request, archiveProjectSchema);
  await setArchived(actor, db, params.projectId, archived);
  return new Response(null, { status: 204 });
});
