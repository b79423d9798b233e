import { getAuth } from '@/lib/auth/auth';
import { ownOrigin } from '@/lib/auth/origin';
import { type RefusalKey, refused } from '@/lib/auth/refusal';
import { boundRequest } from './bounded-body';
import { checkOrigin, errorResponse, json, readBytes, sayTo } from './route';

/** What better-auth refuses with, by its codes; the others do not happen in this app's pages. */
const sentences: Record<string, RefusalKey> = {
  invalid_email_or_password: 'wrongPassword',
  invalid_password: 'wrongPassword',
  invalid_email: 'invalidEmail',
  password_too_short: 'passwordTooShort',
  password_too_long: 'passwordTooLong',
  user_already_exists: 'eMailTaken',
  user_already_exists_use_another_email: 'eMailTaken',
  session_expired: 'sessionExpired',
  session_not_fresh: 'sessionExpired',
  user_not_found: 'noSuchAccount',
  account_not_found: 'noSuchAccount',
  credential_account_not_found: 'noSuchAccount',
  invalid_origin: 'otherSite',
  missing_or_null_origin: 'otherSite',
};

/** better-auth's routes, with the address that the browser used and errors in the shape of all the others. */
export async function handleAuth(request: Request): Promise<Response> {
  try {
    checkOrigin(request);
    const { pathname, search } = new URL(request.url);
    // Next knows the address that it listens on, better-auth compares with the one that was asked for.
    const url = new URL(`${pathname}${search}`, ownOrigin(request.headers));
    const { method } = request;
    const body = method === 'GET' || method === 'HEAD' ? undefined : await readBytes(boundRequest(request).request);
    const answer = await (await getAuth()).handler(new Request(url, { method, headers: request.headers, body }));
    return answer.ok || answer.status < 400 ? answer : await inOneShape(answer, request);
  } catch (error) {
    return errorResponse(error, request);
  }
}

async function inOneShape(answer: Response, request: Request): Promise<Response> {
  const body = (await answer.json().catch(() => null)) as { code?: string; message?: string } | null;
  const code = body?.code?.toLowerCase() ?? (answer.status === 429 ? 'too_many' : 'refused');
  const key = answer.status === 429 ? 'tooManyTries' : (sentences[code] ?? 'accountRefused');
  const told = refused(key, { detail: body?.message ?? 'Refused.' });
  const message = sayTo(request)(told);
  const shaped = json({ error: { code, key: told.key, message } }, { status: answer.status });
  const retryAfter = answer.headers.get('x-retry-after');
  if (retryAfter) shaped.headers.set('retry-after', retryAfter);
  return shaped;
}
