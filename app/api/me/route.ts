import { secondFactorState, signedInUser } from '@/lib/auth/session';
import { publicRoute } from '@/lib/http/route';
import { needsSetup } from '@/lib/services/accounts';

export const GET = publicRoute(async ({ db, request }) => {
  const user = await signedInUser(request.headers);
  const secondFactor = await secondFactorState(request.headers);
  return { user, secondFactor, needsSetup: user ? false : await needsSetup(db) };
});
