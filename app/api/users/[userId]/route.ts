import { readJson, routeFor } from '@/lib/http/route';
import { changePersonSchema } from '@/lib/schemas/account';
import { changePerson } from '@/lib/services/change-person';

export const PATCH = routeFor<{ userId: string }>('users.manage', async ({ db, actor, params, request }) => ({
  user: await changePerson(actor, db, params.userId, await readJson(request, changePersonSchema)),
}));
