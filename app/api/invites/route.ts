import { linkOrigin } from '@/lib/auth/origin';
import { json, readJson, route, routeFor } from '@/lib/http/route';
import { createInviteSchema } from '@/lib/schemas/account';
import { createInvite, listInvites } from '@/lib/services/invites';

export const GET = route(async ({ db, actor }) => ({ invites: await listInvites(actor, db) }));

export const POST = routeFor('invites.create', async ({ db, actor, request }) => {
  const { token, expiresAt } = await createInvite(actor, db, await readJson(request, createInviteSchema));
  return json({ url: `${linkOrigin(request.headers)}/invite/${token}`, expiresAt }, { status: 201 });
});
