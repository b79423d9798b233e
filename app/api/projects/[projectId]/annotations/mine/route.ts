import { parse, route } from '@/lib/http/route';
import { myAnnotationsQuerySchema } from '@/lib/schemas/annotation';
import { listMyAnnotations } from '@/lib/services/list-my-annotations';

export const GET = route<{ projectId: string }>(({ actor, db, url, params }) => {
  const { before } = parse(myAnnotationsQuerySchema, Object.fromEntries(url.searchParams));
  return listMyAnnotations(actor, db, params.projectId, before);
});
