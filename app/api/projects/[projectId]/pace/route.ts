import { parse, route } from '@/lib/http/route';
import { paceQuerySchema } from '@/lib/schemas/pace';
import { getPace } from '@/lib/services/get-pace';

export const GET = route<{ projectId: string }>(({ actor, db, url, params }) => {
  const { since } = parse(paceQuerySchema, Object.fromEntries(url.searchParams));
  return getPace(actor, db, params.projectId, since);
});
