/** The second factor at sign-in: a code of an authenticator app (better-auth's plugin keeps the secrets). */
import type { Role } from '@/lib/schemas/account';

const policies = ['optional', 'admins'] as const;
type Policy = (typeof policies)[number];

/**
 * Who has to have one: SECOND_FACTOR is `optional` (whoever wants) or `admins`.
 * @throws Error for another value
 */
export function secondFactorPolicy(): Policy {
  const configured = process.env.SECOND_FACTOR || 'optional';
  const policy = policies.find((known) => known === configured);
  if (!policy) throw new Error(`SECOND_FACTOR is ${configured}; it must be ${policies.join(' or ')}`);
  return policy;
}

/** Whether this person has to have a second factor on this server. */
export const needsSecondFactor = (role: Role): boolean => role === 'admin' && secondFactorPolicy() === 'admins';
