import { getAuth } from '@/lib/auth/auth';
import { ownOrigin } from '@/lib/auth/origin';
import { checkOrigin, errorResponse, json } from './route';

/** better-auth's routes, with the address that the browser used and errors in the shape of all the others. */
export async function handleAuth(request: Request): Promise<Response> {
  try {
    checkOrigin(request);
    const { pathname, search } = new URL(request.url);
    // Next knows the address that it listens on, better-auth compares with the one that was asked for.
    const url = new URL(`${pathname}${search}`, ownOrigin(request.headers));
    const body = request.method === 'GET' || request.method === 'HEAD' ? undefined : await request.arrayBuffer();
    const answer = await (await getAuth()).handler(
      new Request(url, { method: request.method, headers: request.headers, body }),
    );
    return answer.ok || answer.status < 400 ? answer : await inOneShape(answer);
  } catch (error) {
    return errorResponse(error);
  }
}

async function inOneShape(answer: Response): Promise<Response> {
  const body = (await answer.json().catch(() => null)) as { code?: string; message?: string } | null;
  const code = body?.code?.toLowerCase() ?? (answer.status === 429 ? 'too_many' : 'refused');
  const message =
    answer.status === 429 ? 'Too many tries. Wait a minute and try again.' : (body?.message ?? 'Refused.');
  const shaped = json({ error: { code, message } }, { status: answer.status });
  const retryAfter = answer.headers.get('x-retry-after');
  if (retryAfter) shaped.headers.set('retry-after', retryAfter);
  return shaped;
}
