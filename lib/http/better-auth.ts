/** Calling better-auth, and answering in the app's own format: its answers contain the session token, which belongs in the cookie only. */
import { type Auth, DEACTIVATED } from '@/lib/auth/auth';
import { CLIENT_ADDRESS_HEADER } from '@/lib/auth/client-address';
import { serverOrigin } from '@/lib/auth/origin';
import { Refusal, type RefusalKey, refusalMessage } from '@/lib/auth/refusal';
import {
  type Attempt,
  beginAttempt,
  createAttempt,
  deviceCookie,
  recordSuccess,
  withdrawAttempt,
} from '@/lib/auth/sign-in-limit';
import { getDb } from '@/lib/db/client';
import { json, translatorOf } from './route';

/** better-auth's error codes that can occur on these routes. */
const refusalKeys: Record<string, RefusalKey> = {
  invalid_email_or_password: 'wrongPassword',
  invalid_password: 'wrongPassword',
  session_expired: 'sessionExpired',
  session_not_fresh: 'sessionExpired',
  credential_account_not_found: 'noSuchAccount',
  [DEACTIVATED.toLowerCase()]: 'accountDeactivated',
  invalid_code: 'wrongCode',
  invalid_backup_code: 'wrongRecoveryCode',
  invalid_two_factor_cookie: 'signInAnew',
  too_many_attempts_request_new_code: 'signInAnew',
  account_temporarily_locked: 'codesLocked',
  totp_already_enabled: 'secondFactorThere',
  totp_not_enabled: 'noSecondFactor',
  two_factor_not_enabled: 'noSecondFactor',
  backup_codes_not_enabled: 'noSecondFactor',
  invalid_origin: 'otherSite',
  missing_or_null_origin: 'otherSite',
};

const DEVICE_COOKIE = 'rescue.device';
const DEVICE_COOKIE_SECONDS = 60 * 60 * 24 * 365;

export const addressOf = (request: Request) => request.headers.get(CLIENT_ADDRESS_HEADER) ?? 'unknown';

/** Throttles what checks a password. `check` answers as better-auth does. */
export async function withAttemptLimit(
  request: Request,
  auth: Auth,
  email: string,
  check: () => Promise<Response>,
): Promise<Response> {
  const secret = auth.options.secret;
  const attempt = createAttempt(email, addressOf(request), cookieOf(request, DEVICE_COOKIE), secret);
  const answer = await countingFailures(request, attempt, check);
  if (answer.ok) answer.headers.append('set-cookie', deviceCookieHeader(email, secret, request.headers));
  return answer;
}

/** Throttles what checks a second factor. It is counted apart, since a right password forgets wrong ones. */
export function withCodeLimit(
  request: Request,
  auth: Auth,
  email: string,
  check: () => Promise<Response>,
): Promise<Response> {
  const attempt = createAttempt(`code of ${email}`, addressOf(request), undefined, auth.options.secret);
  return countingFailures(request, attempt, check);
}

async function countingFailures(request: Request, attempt: Attempt, check: () => Promise<Response>): Promise<Response> {
  const db = await getDb();
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
export function callBetterAuth({ headers }: Request, auth: Auth, path: string, body: object): Promise<Response> {
  const forwarded = new Headers(headers);
  forwarded.delete('content-length');
  forwarded.set('content-type', 'application/json');
  const url = new URL(`/api/auth${path}`, serverOrigin(headers));
  return auth.handler(new Request(url, { method: 'POST', headers: forwarded, body: JSON.stringify(body) }));
}

/** Converts better-auth's answer to the app's: the cookies, and the user or the refusal. */
export async function toAppAnswer(answer: Response, request: Request): Promise<Response> {
  const body = (await answer.json().catch(() => null)) as {
    code?: string;
    message?: string;
    user?: { id: string; name: string; email: string };
    twoFactorRedirect?: boolean;
    totpURI?: string;
    backupCodes?: string[];
  } | null;
  const response = answer.ok
    ? json({
        user: body?.user ? { id: body.user.id, name: body.user.name, email: body.user.email } : null,
        ...(body?.twoFactorRedirect && { needsCode: true }),
        ...(body?.totpURI && { totpUri: body.totpURI }),
        ...(body?.backupCodes && { recoveryCodes: body.backupCodes }),
      })
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

export function cookieOf(request: Request, name: string): string | undefined {
  const cookies = (request.headers.get('cookie') ?? '').split(';').map((pair) => pair.trim());
  return cookies.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
}
