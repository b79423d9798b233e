import { readJson, routeFor } from '@/lib/http/route';
import { deleteMemberSchema, putMemberSchema } from '@/lib/schemas/account';
import { removeMember, setMemberRole } from '@/lib/services/members';

type Params = { projectId: string };

export const POST = routeFor<Params>('members.manage', async ({ db, actor, params, request }) => {
  return { members: await setMemberRole(actor, db, params.projectId, await readJson(request, putMemberSchema)) };
});

export const DELETE = routeFor<Params>('members.manage', async ({ db, actor, params, request }) => {
  const { userId } = await readJson(request, deleteMemberSchema);
  return { members: await removeMember(actor, db, params.projectId, userId) };
});
