import { route } from '@/lib/http/route';
import { listGold } from '@/lib/services/gold';

export const GET = route<{ projectId: string }>(async ({ actor, db, params }) => ({
  gold: await listGold(actor, db, params.projectId),
}));
