/**
 * The four routes of better-auth that the app uses, and no other: each with its own schema, its errors in the shape of
 * all others, and an answer of ours, since better-auth's own carry the session's token, which belongs in the cookie only.
 */
import type * as z from 'zod';
import { type Auth, getAuth } from '@/lib/auth/auth';
import { CLIENT_ADDRESS_HEADER } from '@/lib/auth/client-address';
import { ownOrigin } from '@/lib/auth/origin';
import { notFound, Refusal, type RefusalKey, refused } from '@/lib/auth/refusal';
import { signedInUser } from '@/lib/auth/session';
import { type Attempt, attemptOf, beginAttempt, deviceCookie, succeed, withdraw } from '@/lib/auth/sign-in-limit';
import { getDb } from '@/lib/db/client';
import { changePasswordSchema, signInSchema, signOutSchema, updateUserSchema } from '@/lib/schemas/account';
import { boundRequest } from './bounded-body';
import { checkOrigin, errorResponse, json, readJson, translatorOf } from './route';

/** What better-auth refuses with, by its codes; the others do not happen on these routes. */
const sentences: Record<string, RefusalKey> = {
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

/** @throws nothing: what is refused is an answer as well. */
export async function handleAuth(request: Request): Promise<Response> {
  try {
    checkOrigin(request);
    const path = new URL(request.url).pathname.replace(/^\/api\/auth/, '');
    const schema = Object.hasOwn(schemas, path) && request.method === 'POST' ? schemas[path] : undefined;
    if (!schema) throw notFound();
    const body = await readJson(boundRequest(request).request, schema);
    const auth = await getAuth();
    if (path === '/sign-in/email') return await guarded(request, auth, body as z.infer<typeof signInSchema>, path);
    if (path === '/change-password') {
      const user = await signedInUser(request.headers, auth);
      // Whoever changes the password because somebody else knows it wants that somebody signed out.
      if (user) return await guarded(request, auth, { ...body, email: user.email }, path);
    }
    return await shaped(await ask(request, auth, path, body), request);
  } catch (error) {
    return errorResponse(error, request);
  }
}

/** For routes that look at a password: too many wrong ones have to wait. */
async function guarded(request: Request, auth: Auth, body: { email: string }, path: string): Promise<Response> {
  const { email, ...rest } = body;
  const db = await getDb();
  const secret = auth.options.secret;
  const address = request.headers.get(CLIENT_ADDRESS_HEADER) ?? 'unknown';
  const attempt = attemptOf(email, address, cookieOf(request, DEVICE_COOKIE), secret);
  const wait = await beginAttempt(db, attempt);
  if (wait > 0) throw tooManyTries(wait);
  const sent = path === '/change-password' ? { ...rest, revokeOtherSessions: true } : body;
  const answer = await orWithdraw(ask(request, auth, path, sent), attempt);
  if (!answer.ok) {
    // 400 and 401 say that the password was wrong; anything else is not the person's fault.
    if (answer.status !== 400 && answer.status !== 401) await withdraw(db, attempt);
    return shaped(answer, request);
  }
  await succeed(db, attempt);
  const response = await shaped(answer, request);
  response.headers.append('set-cookie', deviceCookieHeader(email, secret, request.headers));
  return response;
}

async function orWithdraw(asking: Promise<Response>, attempt: Attempt): Promise<Response> {
  try {
    return await asking;
  } catch (error) {
    await withdraw(await getDb(), attempt);
    throw error;
  }
}

/** Asks better-auth, with the address that the browser used: Next knows the one that it listens on. */
function ask({ headers }: Request, auth: Auth, path: string, body: object): Promise<Response> {
  const forwarded = new Headers(headers);
  forwarded.delete('content-length');
  forwarded.set('content-type', 'application/json');
  const url = new URL(`/api/auth${path}`, ownOrigin(headers));
  return auth.handler(new Request(url, { method: 'POST', headers: forwarded, body: JSON.stringify(body) }));
}

/** The answer as the app gives it: cookies, and who was signed in or the refusal. */
async function shaped(answer: Response, request: Request): Promise<Response> {
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
  const message = refused(sentences[code] ?? 'accountRefused', { detail });
  return json({ error: { code, key: message.key, message: translatorOf(request)(message) } }, { status });
}

function tooManyTries(wait: number): Refusal {
  const seconds = Math.ceil(wait / 1000);
  const words =
    seconds < 120 ? { unit: 'seconds', count: seconds } : { unit: 'minutes', count: Math.ceil(seconds / 60) };
  return new Refusal('too_many', refused('tooManyTries', words), undefined, seconds);
}

/** Tells later that this account was signed in to in this browser before. It opens nothing by itself. */
export function deviceCookieHeader(email: string, secret: string, headers: Headers): string {
  const value = `${DEVICE_COOKIE}=${deviceCookie(email, secret)}`;
  const secure = ownOrigin(headers).startsWith('https:') ? '; Secure' : '';
  return `${value}; Path=/api/auth; Max-Age=${DEVICE_COOKIE_SECONDS}; HttpOnly; SameSite=Lax${secure}`;
}

function cookieOf(request: Request, name: string): string | undefined {
  const cookies = (request.headers.get('cookie') ?? '').split(';').map((pair) => pair.trim());
  return cookies.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
}
