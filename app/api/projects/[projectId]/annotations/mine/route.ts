import { route } from '@/lib/http/route';
import { listMyAnnotations } from '@/lib/services/list-my-annotations';

export const GET = route<{ projectId: string }>(async ({ actor, db, params }) => ({
  annotations: await listMyAnnotations(actor, db, params.projectId),
}));
