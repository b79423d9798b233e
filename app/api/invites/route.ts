import { linkOrigin } from '@/lib/auth/origin';
import { createdAnswer } from '@/lib/http/created-answer';
import { readJson, route, routeFor } from '@/lib/http/route';
import { createInviteSchema, revokeInviteSchema } from '@/lib/schemas/account';
import { createInvite, listInvites, revokeInvite } from '@/lib/services/invites';

export const GET = route(async ({ db, actor }) => ({ invites: await listInvites(actor, db) }));

export const POST = routeFor('invites.create', async (context) => {
  const body = await readJson(context.request, createInviteSchema);
  return createdAnswer(context, body, async (db) => {
    const { token, expiresAt } = await createInvite(context.actor, db, body);
    return { url: `${linkOrigin(context.request.headers)}/invite/${token}`, expiresAt };
  });
});

export const DELETE = routeFor('invites.create', async ({ db, actor, request }) => {
  await revokeInvite(actor, db, await readJson(request, revokeInviteSchema));
  return new Response(null, { status: 204 });
});
