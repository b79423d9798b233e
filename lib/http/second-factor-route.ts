/** Setting up a second factor, turning it off, and the step of signing in that asks for its code. */
import { createHash } from 'node:crypto';
import type * as z from 'zod';
import type { Auth } from '@/lib/auth/auth';
import { conflict, unauthenticated } from '@/lib/auth/refusal';
import { needsSecondFactor } from '@/lib/auth/second-factor';
import { requireUser, secondFactorState, signedInUser } from '@/lib/auth/session';
import { getDb } from '@/lib/db/client';
import { claimCode, withdrawCode } from '@/lib/db/second-factors';
import { findUser } from '@/lib/db/users';
import { appCodeSchema, passwordOnlySchema, recoveryCodeSchema } from '@/lib/schemas/account';
import type { AuditKind } from '@/lib/schemas/audit';
import type { Me } from '@/lib/schemas/people';
import { recordOwnAct, recordSignIn } from '@/lib/services/audit';
import { addressOf, callBetterAuth, cookieOf, withAttemptLimit, withCodeLimit } from './better-auth';
import { json } from './route';

const APP = '/two-factor/verify-totp';
const RECOVERY = '/two-factor/verify-backup-code';
const DISABLE = '/two-factor/disable';

export const secondFactorSchemas: Record<string, z.ZodType<object>> = {
  '/two-factor/enable': passwordOnlySchema,
  [DISABLE]: passwordOnlySchema,
  '/two-factor/generate-backup-codes': passwordOnlySchema,
  [APP]: appCodeSchema,
  [RECOVERY]: recoveryCodeSchema,
};

const acts: Record<string, AuditKind> = {
  [DISABLE]: 'second_factor_disabled',
  '/two-factor/generate-backup-codes': 'recovery_codes_renewed',
};

/** @param body as the path's schema gives it */
export async function handleSecondFactor(request: Request, auth: Auth, path: string, body: object): Promise<Response> {
  if ('code' in body) return checkCode(request, auth, path, body as { code: string });
  const user = await requireUser(request.headers, auth);
  if (path === DISABLE && needsSecondFactor(user.role)) throw conflict('secondFactorStays');
  const answer = await withAttemptLimit(request, auth, user.email, () => callBetterAuth(request, auth, path, body));
  const act = acts[path];
  if (act && answer.ok) await recordOwnAct(await getDb(), act, user.id);
  return answer;
}

/** The last step of signing in; or, for somebody who is signed in, the end of setting up. */
async function checkCode(request: Request, auth: Auth, path: string, body: { code: string }): Promise<Response> {
  const signedIn = await signedInUser(request.headers, auth);
  const user = signedIn ?? (await challengedUser(request, auth));
  if (!user) throw unauthenticated('signInAnew');
  const db = await getDb();
  const isSetUp = signedIn !== null && (await secondFactorState(request.headers, auth)) !== 'on';
  const answer = await withCodeLimit(request, auth, user.email, () => {
    const ask = () => callBetterAuth(request, auth, path, body);
    return path === APP ? once(user.id, body.code, ask) : ask();
  });
  if (!signedIn) await recordSignIn(db, { email: user.email, address: addressOf(request), succeeded: answer.ok });
  else if (isSetUp && answer.ok) await recordOwnAct(db, 'second_factor_enabled', user.id);
  return answer;
}

/** better-auth takes a code for as long as it is valid; here each is taken once, as RFC 6238 wants. */
async function once(userId: string, code: string, ask: () => Promise<Response>): Promise<Response> {
  const db = await getDb();
  const used = { userId, codeHash: createHash('sha256').update(code).digest('base64url') };
  if (!(await claimCode(db, used))) return json({ code: 'INVALID_CODE' }, { status: 401 });
  const answer = await ask();
  if (!answer.ok) await withdrawCode(db, used);
  return answer;
}

/** Who has given the right password in this browser. better-auth itself checks the cookie's signature. */
async function challengedUser(request: Request, auth: Auth): Promise<Pick<Me, 'id' | 'email'> | null> {
  const context = await auth.$context;
  const value = decodeURIComponent(cookieOf(request, context.createAuthCookie('two_factor').name) ?? '');
  const challenge = await context.internalAdapter.findVerificationValue(value.slice(0, value.lastIndexOf('.')));
  return challenge ? findUser(await getDb(), challenge.value) : null;
}
