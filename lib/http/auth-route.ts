/**
 * Exposes only the four routes of better-auth that the app uses. Each has a schema, errors in the app's format, and an
 * answer built here, since better-auth's answers contain the session token, which belongs in the cookie only.
 */
import type * as z from 'zod';
import { type Auth, getAuth } from '@/lib/auth/auth';
import { CLIENT_ADDRESS_HEADER } from '@/lib/auth/client-address';
import { serverOrigin } from '@/lib/auth/origin';
import { notFound, Refusal, type RefusalKey, refusalMessage } from '@/lib/auth/refusal';
import { signedInUser } from '@/lib/auth/session';
import {
  type Attempt,
  beginAttempt,
  createAttempt,
  deviceCookie,
  recordSuccess,
  withdrawAttempt,
} from '@/lib/auth/sign-in-limit';
import { getDb } from '@/lib/db/client';
import { changePasswordSchema, signInSchema, signOutSchema, updateUserSchema } from '@/lib/schemas/account';
import { boundRequest } from './bounded-body';
import { checkOrigin, errorResponse, json, readJson, translatorOf } from './route';

/** better-auth's error codes that can occur on these routes. */
const refusalKeys: Record<string, RefusalKey> = {
  invalid_email_or_password: 'wrongPassword',
  invalid_password: 'wrongPassword',
  session_expired: 'sessionExpired',
  session_not_fresh: 'sessionExpired',
  credential_account_not_found: 'noSuchAccount',
  invalid_origin: 'otherSite',
  missing_or_null_origin: 'otherSite',
};

const schemas: Record<string, z.ZodType<object>> = {
  '/sign-in/email': signInSchema,
  '/sign-out': signOutSchema,
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
    if (path === '/sign-in/email')
      return await withAttemptLimit(request, auth, body as z.infer<typeof signInSchema>, path);
    if (path === '/change-password') {
      const user = await signedInUser(request.headers, auth);
      // Whoever changes a password because somebody else knows it wants that person signed out.
      if (user) return await withAttemptLimit(request, auth, { ...body, email: user.email }, path);
    }
    return await toAppAnswer(await callBetterAuth(request, auth, path, body), request);
  } catch (error) {
    return errorResponse(error, request);
  }
}

/** Throttles the routes that check a password. */
async function withAttemptLimit(
  request: Request,
  auth: Auth,
  body: { email: string },
  path: string,
): Promise<Response> {
  const { email, ...rest } = body;
  const db = await getDb();
  const secret = auth.options.secret;
  const address = request.headers.get(CLIENT_ADDRESS_HEADER) ?? 'unknown';
  const attempt = createAttempt(email, address, cookieOf(request, DEVICE_COOKIE), secret);
  const wait = await beginAttempt(db, attempt);
  if (wait > 0) throw tooManyTries(wait);
  const sent = path === '/change-password' ? { ...rest, revokeOtherSessions: true } : body;
  const answer = await withdrawOnError(callBetterAuth(request, auth, path, sent), attempt);
  if (!answer.ok) {
    // 400 and 401 mean that the password was wrong; other errors must not count against the person.
    if (answer.status !== 400 && answer.status !== 401) await withdrawAttempt(db, attempt);
    return toAppAnswer(answer, request);
  }
  await recordSuccess(db, attempt);
  const response = await toAppAnswer(answer, request);
  response.headers.append('set-cookie', deviceCookieHeader(email, secret, request.headers));
  return response;
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
