import type { Role } from '@/lib/schemas/account';
import type { Me, SecondFactorState } from '@/lib/schemas/people';
import { type Auth, getAuth } from './auth';
import type { Actor } from './permissions';
import { forbidden, unauthenticated } from './refusal';
import { needsSecondFactor } from './second-factor';

/** The session of the request's cookie, with the person as stored now; null when there is none. */
async function storedSession(headers: Headers, auth: Auth | undefined) {
  if (!headers.has('cookie')) return null;
  return (auth ?? (await getAuth())).api.getSession({ headers });
}

/** The user of the request's session cookie; null when nobody is signed in. */
export async function signedInUser(headers: Headers, auth?: Auth): Promise<Me | null> {
  const session = await storedSession(headers, auth);
  if (!session || session.user.deactivatedAt) return null;
  return toMe(session.user);
}

const toMe = ({ id, name, email, role }: Omit<Me, 'role'> & { role: string }): Me => {
  return { id, name, email, role: role as Role };
};

/** @throws Refusal 'unauthenticated' when nobody is signed in, or somebody whose account was deactivated since */
export async function requireUser(headers: Headers, auth?: Auth): Promise<Me> {
  const session = await storedSession(headers, auth);
  if (!session) throw unauthenticated();
  // The sessions of a deactivated account are kept until it is active again, to say why they have ended.
  if (session.user.deactivatedAt) throw unauthenticated('accountDeactivated');
  return toMe(session.user);
}

/**
 * @throws Refusal 'unauthenticated', see requireUser; 'forbidden' for somebody who has to have a second factor and has not
 * set one up yet
 */
export async function requireActor(headers: Headers, auth?: Auth): Promise<Actor> {
  const { id, role } = await requireUser(headers, auth);
  if ((await secondFactorState(headers, auth)) === 'needed') throw forbidden('secondFactorFirst');
  return { userId: id, role };
}

/** Whether the person who is signed in has a second factor, or has to set one up before anything else. */
export async function secondFactorState(headers: Headers, auth?: Auth): Promise<SecondFactorState> {
  const session = await storedSession(headers, auth);
  if (!session) return 'off';
  if (session.user.twoFactorEnabled) return 'on';
  return needsSecondFactor(session.user.role as Role) ? 'needed' : 'off';
}

/** The id of the request's own session; null when nobody is signed in. */
export async function currentSessionId(headers: Headers, auth?: Auth): Promise<string | null> {
  return (await storedSession(headers, auth))?.session.id ?? null;
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
