import { linkOrigin } from '@/lib/auth/origin';
import { json, routeFor } from '@/lib/http/route';
import { createResetLink } from '@/lib/services/reset-password';

export const POST = routeFor<{ userId: string }>('users.manage', async ({ db, actor, params, request }) => {
  const { token, expiresAt } = await createResetLink(actor, db, params.userId);
  return json({ url: `${linkOrigin(request.headers)}/reset/${token}`, expiresAt }, { status: 201 });
});
