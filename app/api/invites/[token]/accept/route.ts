import { getAuth } from '@/lib/auth/auth';
import { signInCookies } from '@/lib/auth/session';
import { deviceCookieHeader } from '@/lib/http/better-auth';
import { json, publicRoute, readJson } from '@/lib/http/route';
import { acceptInviteSchema } from '@/lib/schemas/account';
import { acceptInvite } from '@/lib/services/accept-invite';

export const POST = publicRoute<{ token: string }>(async ({ db, params, request }) => {
  const body = await readJson(request, acceptInviteSchema);
  const user = await acceptInvite(db, params.token, body);
  const response = json({ user }, { status: 201 });
  for (const cookie of await signInCookies(body, request.headers)) response.headers.append('set-cookie', cookie);
  const { secret } = (await getAuth()).options;
  response.headers.append('set-cookie', deviceCookieHeader(body.email, secret, request.headers));
  return response;
});
