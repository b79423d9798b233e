import { routeFor } from '@/lib/http/route';
import { endSessionsOf } from '@/lib/services/sessions';

export const DELETE = routeFor<{ userId: string }>('users.manage', async ({ db, actor, params }) => {
  await endSessionsOf(actor, db, params.userId);
  return new Response(null, { status: 204 });
});
