import { json, readJson, route, routeFor } from '@/lib/http/route';
import { createApiKeySchema, revokeApiKeySchema } from '@/lib/schemas/api-key';
import { createApiKey, listApiKeys, revokeApiKey } from '@/lib/services/api-keys';

export const GET = route(async ({ db, actor }) => ({ keys: await listApiKeys(actor, db) }));

export const POST = routeFor('keys.manage', async ({ db, actor, request }) =>
  json(await createApiKey(actor, db, await readJson(request, createApiKeySchema)), { status: 201 }),
);

export const DELETE = routeFor('keys.manage', async ({ db, actor, request }) => {
  await revokeApiKey(actor, db, (await readJson(request, revokeApiKeySchema)).id);
  return new Response(null, { status: 204 });
});
