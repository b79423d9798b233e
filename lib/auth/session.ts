import type { Role } from '@/lib/schemas/account';
import type { Me } from '@/lib/schemas/people';
import { type Auth, getAuth } from './auth';
import type { Actor } from './permissions';
import { unauthenticated } from './refusal';

/** The user of the request's session cookie; null when nobody is signed in. */
export async function signedInUser(headers: Headers, auth?: Auth): Promise<Me | null> {
  if (!headers.has('cookie')) return null;
  const session = await (auth ?? (await getAuth())).api.getSession({ headers });
  if (!session) return null;
  const { id, name, email, role } = session.user;
  return { id, name, email, role: role as Role };
}

/** @throws Refusal 'unauthenticated' when nobody is signed in */
export async function requireActor(headers: Headers, auth?: Auth): Promise<Actor> {
  const user = await signedInUser(headers, auth);
  if (!user) throw unauthenticated();
  return { userId: user.id, role: user.role };
}

/** Signs in and returns the Set-Cookie values. @throws when the e-mail or password is wrong */
export async function signInCookies(
  { email, password }: { email: string; password: string },
  headers: Headers,
  auth?: Auth,
): Promise<string[]> {
  const { headers: answer } = await (auth ?? (await getAuth())).api.signInEmail({
    body: { email, password },
    headers,
    returnHeaders: true,
  });
  return answer.getSetCookie();
}
