/**
 * better-auth: passwords, sessions and their cookies. Accounts are made by invites only (lib/services/accept-invite).
 */

import { betterAuth } from 'better-auth';
import { drizzleAdapter } from 'better-auth/adapters/drizzle';
import { APIError } from 'better-auth/api';
import { twoFactor } from 'better-auth/plugins/two-factor';
import { accounts, sessions, twoFactors, users, verifications } from '@/drizzle/schema';
import { type Database, getDb } from '@/lib/db/client';
import { findUser } from '@/lib/db/users';
import { MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH } from '@/lib/schemas/password-rules';
import { CLIENT_ADDRESS_HEADER } from './client-address';
import { configuredOrigin, serverOrigin } from './origin';
import { secondFactorPolicy } from './second-factor';
import { authSecret } from './secret';

/** The code with which better-auth refuses a session to somebody whose account is deactivated. */
export const DEACTIVATED = 'ACCOUNT_DEACTIVATED';

export type Auth = ReturnType<typeof createAuth>;

export function createAuth(db: Database, secret: string) {
  const origin = configuredOrigin();
  // A server that does not know who has to have a second factor must not start.
  secondFactorPolicy();
  return betterAuth({
    secret,
    database: drizzleAdapter(db, {
      provider: 'pg',
      schema: {
        user: users,
        session: sessions,
        account: accounts,
        verification: verifications,
        twoFactor: twoFactors,
      },
    }),
    appName: 'Rescue Studio',
    plugins: [twoFactor()],
    basePath: '/api/auth',
    ...(origin ? { baseURL: origin } : {}),
    trustedOrigins: (request) => (request ? [serverOrigin(request.headers)] : []),
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: MIN_PASSWORD_LENGTH,
      maxPasswordLength: MAX_PASSWORD_LENGTH,
    },
    user: {
      additionalFields: {
        role: { type: 'string', required: true, input: false, defaultValue: 'annotator' },
        deactivatedAt: { type: 'date', required: false, input: false },
      },
    },
    // A session's updatedAt is shown as when it was last used, exact to the hour.
    session: { expiresIn: 60 * 60 * 24 * 30, updateAge: 60 * 60 },
    databaseHooks: {
      session: {
        create: {
          before: async ({ userId }) => {
            const user = await findUser(db, userId);
            if (!user || user.deactivatedAt) throw new APIError('FORBIDDEN', { code: DEACTIVATED });
          },
        },
      },
    },
    // better-auth's limit also counts successes, and counts by address only; see sign-in-limit.ts.
    rateLimit: { enabled: false },
    advanced: {
      useSecureCookies: origin?.startsWith('https:') ?? false,
      cookiePrefix: 'rescue',
      ipAddress: { ipAddressHeaders: [CLIENT_ADDRESS_HEADER] },
    },
    logger: { level: 'error' },
    telemetry: { enabled: false },
  });
}

interface GlobalState {
  rescueAuth?: Promise<Auth> | undefined;
}
const globalState = globalThis as GlobalState;

/** The process's only instance, created with the database. */
export function getAuth(): Promise<Auth> {
  if (!globalState.rescueAuth) {
    const creating = Promise.all([getDb(), authSecret()]).then(([db, secret]) => createAuth(db, secret));
    globalState.rescueAuth = creating;
    creating.catch(() => {
      if (globalState.rescueAuth === creating) globalState.rescueAuth = undefined;
    });
  }
  return globalState.rescueAuth;
}
