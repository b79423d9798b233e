/**
 * Exposes only the routes of better-auth that the app uses, and one for the e-mail address. Each has a schema, errors in
 * the app's format, and an answer built in better-auth.ts.
 */
import type * as z from 'zod';
import { type Auth, getAuth } from '@/lib/auth/auth';
import { notFound } from '@/lib/auth/refusal';
import { requireUser, signedInUser } from '@/lib/auth/session';
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
import { addressOf, callBetterAuth, toAppAnswer, withAttemptLimit } from './better-auth';
import { boundRequest } from './bounded-body';
import { checkOrigin, errorResponse, json, readJson } from './route';
import { handleSecondFactor, secondFactorSchemas } from './second-factor-route';

const schemas: Record<string, z.ZodType<object>> = {
  '/sign-in/email': signInSchema,
  '/sign-out': signOutSchema,
  '/change-email': changeEmailSchema,
  '/change-password': changePasswordSchema,
  '/update-user': updateUserSchema,
  ...secondFactorSchemas,
};

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
    if (Object.hasOwn(secondFactorSchemas, path)) return await handleSecondFactor(request, auth, path, body);
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
  // With a second factor, nobody has signed in yet.
  const needsCode = answer.ok && 'needsCode' in ((await answer.clone().json()) as object);
  if (needsCode) return answer;
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
