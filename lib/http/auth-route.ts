/**
 * Exposes only the four routes of better-auth that the app uses, and one for the e-mail address. Each has a schema, errors in the app's format, and an
 * answer built here, since better-auth's answers contain the session token, which belongs in the cookie only.
 */
import type * as z from 'zod';
import { type Auth, DEACTIVATED, getAuth } from '@/lib/auth/auth';
import { CLIENT_ADDRESS_HEADER } from '@/lib/auth/client-address';
import { serverOrigin } from '@/lib/auth/origin';
import { notFound, Refusal, type RefusalKey, refusalMessage } from '@/lib/auth/refusal';
import { requireUser, signedInUser } from '@/lib/auth/session';
import {
  type Attempt,
  beginAttempt,
  createAttempt,
  deviceCookie,
  recordSuccess,
  withdrawAttempt,
} from '@/lib/auth/sign-in-limit';
import { getDb } from '@/lib/db/client';
import {
  changeEmailSchema,
  changePasswordSchema,
  signInSchema,
  signOutSchema,
  updateUserSchema,
} from '@/lib/schemas/account';
import type { AuditKind } from '@/lib/schemas/audit';
import type { Me } from '@/lib/schemas/people';
import { recordOwnAct, recordSignIn } from '@/lib/services/audit';
import { changeEmail } from '@/lib/services/change-email';
import { boundRequest } from './bounded-body';
import { checkOrigin, errorResponse, json, readJson, translatorOf } from './route';

/** better-auth's error codes that can occur on these routes. */
const refusalKeys: Record<string, RefusalKey> = {
  invalid_email_or_password: 'wrongPassword',
  invalid_password: 'wrongPassword',
  session_expired: 'sessionExpired',
  session_not_fresh: 'sessionExpired',
  credential_account_not_found: 'noSuchAccount',
  [DEACTIVATED.toLowerCase()]: 'accountDeactivated',
  invalid_origin: 'otherSite',
  missing_or_null_origin: 'otherSite',
};

const schemas: Record<string, z.ZodType<object>> = {
  '/sign-in/email': signInSchema,
  '/sign-out': signOutSchema,
  '/change-email': changeEmailSchema,
  '/change-password': changePasswordSchema,
  '/update-user': updateUserSchema,
};

const DEVICE_COOKIE = 'rescue.device';
const DEVICE_COOKIE_SECONDS = 60 * 60 * 24 * 365;

/** Never throws; refusals are answers too. */
export async function handleAuth(request: Request): Promise<Response> {
  try {
    checkOrigin(request);
    const path = new URL(request.url).pathname.replace(/^\/api\/auth/, '');
    const schema = Object.hasOwn(schemas, path) && request.method === 'POST' ? schemas[path] : undefined;
    if (!schema) throw notFound();
    const body = await readJson(boundRequest(request).request, schema);
    const auth = await getAuth();
    if (path === '/sign-in/email') return await signIn(request, auth, body as z.infer<typeof signInSchema>);
    if (path === '/sign-out') {
      const user = await signedInUser(request.headers, auth);
      const answer = await callBetterAuth(request, auth, path, body);
      if (user && answer.ok) await recordOwnAct(await getDb(), 'sign_out', user.id);
      return await toAppAnswer(answer, request);
    }
    const user = await requireUser(request.headers, auth);
    const answer = await changeAccount(request, auth, user, { path, body });
    const act = ownActs[path];
    if (act && answer.ok) await recordOwnAct(await getDb(), act, user.id);
    return answer;
  } catch (error) {
    return errorResponse(error, request);
  }
}

const ownActs: Record<string, AuditKind> = { '/change-password': 'password_changed', '/update-user': 'name_changed' };

async function signIn(request: Request, auth: Auth, body: z.infer<typeof signInSchema>): Promise<Response> {
  const answer = await withAttemptLimit(request, auth, body.email, () =>
    callBetterAuth(request, auth, '/sign-in/email', body),
  );
  await recordSignIn(await getDb(), { email: body.email, address: addressOf(request), succeeded: answer.ok });
  return answer;
}

async function changeAccount(
  request: Request,
  auth: Auth,
  user: Me,
  { path, body }: { path: string; body: object },
): Promise<Response> {
  if (path === '/change-password') {
    // Whoever changes a password because somebody else knows it wants that person signed out.
    const sent = { ...body, revokeOtherSessions: true };
    return withAttemptLimit(request, auth, user.email, () => callBetterAuth(request, auth, path, sent));
  }
  if (path === '/change-email') {
    const wanted = body as z.infer<typeof changeEmailSchema>;
    return withAttemptLimit(request, auth, user.email, async () => {
      const changed = await changeEmail({ userId: user.id, role: user.role }, await getDb(), wanted);
      return changed ? json({ user: changed }) : json({ code: 'INVALID_PASSWORD' }, { status: 400 });
    });
  }
  return toAppAnswer(await callBetterAuth(request, auth, path, body), request);
}

const addressOf = (request: Request) => request.headers.get(CLIENT_ADDRESS_HEADER) ?? 'unknown';

/** Throttles what checks a password. `check` answers as better-auth does. */
async function withAttemptLimit(
  request: Request,
  auth: Auth,
  email: string,
  check: () => Promise<Response>,
): Promise<Response> {
  const db = await getDb();
  const secret = auth.options.secret;
  const attempt = createAttempt(email, addressOf(request), cookieOf(request, DEVICE_COOKIE), secret);
  const wait = await beginAttempt(db, attempt);
  if (wait > 0) throw tooManyTries(wait);
  const checked = await withdrawOnError(check(), attempt);
  const answer = await toAppAnswer(checked, request);
  if (!checked.ok) {
    // 400 and 401 mean that the password was wrong; other errors must not count against the person.
    if (checked.status !== 400 && checked.status !== 401) await withdrawAttempt(db, attempt);
    return answer;
  }
  await recordSuccess(db, attempt);
  answer.headers.append('set-cookie', deviceCookieHeader(email, secret, request.headers));
  return answer;
}

async function withdrawOnError(asking: Promise<Response>, attempt: Attempt): Promise<Response> {
  try {
    return await asking;
  } catch (error) {
    await withdrawAttempt(await getDb(), attempt);
    throw error;
  }
}

/** Calls better-auth with the origin that the browser used, since Next only knows the address that it listens on. */
function callBetterAuth({ headers }: Request, auth: Auth, path: string, body: object): Promise<Response> {
  const forwarded = new Headers(headers);
  forwarded.delete('content-length');
  forwarded.set('content-type', 'application/json');
  const url = new URL(`/api/auth${path}`, serverOrigin(headers));
  return auth.handler(new Request(url, { method: 'POST', headers: forwarded, body: JSON.stringify(body) }));
}

/** Converts better-auth's answer to the app's: the cookies, and the user or the refusal. */
async function toAppAnswer(answer: Response, request: Request): Promise<Response> {
  const body = (await answer.json().catch(() => null)) as {
    code?: string;
    message?: string;
    user?: { id: string; name: string; email: string };
  } | null;
  const response = answer.ok
    ? json({ user: body?.user ? { id: body.user.id, name: body.user.name, email: body.user.email } : null })
    : refusal(request, answer.status, body?.code?.toLowerCase() ?? 'refused', body?.message);
  for (const cookie of answer.headers.getSetCookie()) response.headers.append('set-cookie', cookie);
  return response;
}

function refusal(request: Request, status: number, code: string, detail = 'Refused.'): Response {
  const message = refusalMessage(refusalKeys[code] ?? 'accountRefused', { detail });
  return json({ error: { code, key: message.key, message: translatorOf(request)(message) } }, { status });
}

function tooManyTries(wait: number): Refusal {
  const seconds = Math.ceil(wait / 1000);
  const words =
    seconds < 120 ? { unit: 'seconds', count: seconds } : { unit: 'minutes', count: Math.ceil(seconds / 60) };
  return new Refusal('too_many', refusalMessage('tooManyTries', words), undefined, seconds);
}

/** A cookie by which the browser later proves that this account has signed in there. It grants no access. */
export function deviceCookieHeader(email: string, secret: string, headers: Headers): string {
  const value = `${DEVICE_COOKIE}=${deviceCookie(email, secret)}`;
  const secure = serverOrigin(headers).startsWith('https:') ? '; Secure' : '';
  return `${value}; Path=/api/auth; Max-Age=${DEVICE_COOKIE_SECONDS}; HttpOnly; SameSite=Lax${secure}`;
}

function cookieOf(request: Request, name: string): string | undefined {
  const cookies = (request.headers.get('cookie') ?? '').split(';').map((pair) => pair.trim());
  return cookies.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
}
