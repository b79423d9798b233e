import { routeFor } from '@/lib/http/route';
import { clearSecondFactor } from '@/lib/services/clear-second-factor';

export const DELETE = routeFor<{ userId: string }>('users.manage', async ({ db, actor, params }) => {
  await clearSecondFactor(actor, db, params.userId);
  return new Response(null, { status: 204 });
});
