import { parse, route } from '@/lib/http/route';
import { momentQuerySchema } from '@/lib/schemas/cursor';
import { listMyAnnotations } from '@/lib/services/list-my-annotations';

export const GET = route<{ projectId: string }>(({ actor, db, url, params }) => {
  const { after } = parse(momentQuerySchema, Object.fromEntries(url.searchParams));
  return listMyAnnotations(actor, db, params.projectId, after);
});
