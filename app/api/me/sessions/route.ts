import { currentSessionId } from '@/lib/auth/session';
import { readJson, route } from '@/lib/http/route';
import { endSessionsSchema } from '@/lib/schemas/account';
import { endMySessions, listMySessions } from '@/lib/services/sessions';

export const GET = route(async ({ db, actor, request }) => ({
  sessions: await listMySessions(actor, db, await currentSessionId(request.headers)),
}));

export const DELETE = route(async ({ db, actor, request }) => {
  const { sessionId } = await readJson(request, endSessionsSchema);
  await endMySessions(actor, db, { sessionId, currentId: await currentSessionId(request.headers) });
  return new Response(null, { status: 204 });
});
