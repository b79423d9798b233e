import { getAuth } from '@/lib/auth/auth';
import { signInCookies } from '@/lib/auth/session';
import { deviceCookieHeader } from '@/lib/http/better-auth';
import { json, publicRoute, readJson } from '@/lib/http/route';
import { resetPasswordSchema } from '@/lib/schemas/account';
import { resetPassword, viewResetLink } from '@/lib/services/reset-password';

type Params = { resetToken: string };

export const GET = publicRoute<Params>(({ db, params }) => viewResetLink(db, params.resetToken));

/** Sets the password, and signs this browser in with it. */
export const POST = publicRoute<Params>(async ({ db, params, request }) => {
  // The link is the permission: without one, none of the body is read.
  await viewResetLink(db, params.resetToken);
  const { password } = await readJson(request, resetPasswordSchema);
  const { email } = await resetPassword(db, params.resetToken, password);
  const response = json({ email });
  for (const cookie of await signInCookies({ email, password }, request.headers)) {
    response.headers.append('set-cookie', cookie);
  }
  const { secret } = (await getAuth()).options;
  response.headers.append('set-cookie', deviceCookieHeader(email, secret, request.headers));
  return response;
});
