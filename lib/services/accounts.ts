import { type Actor, authorize } from '@/lib/auth/permissions';
import type { Database } from '@/lib/db/client';
import { countUsers, listUsers as listStoredUsers, type User } from '@/lib/db/users';
import type { Role } from '@/lib/schemas/account';
import type { Account } from '@/lib/schemas/people';

/** Whether nobody has an account yet, so that the first administrator has to follow the setup link. */
export async function needsSetup(db: Database): Promise<boolean> {
  return (await countUsers(db)) === 0;
}

export async function listUsers(actor: Actor, db: Database): Promise<Account[]> {
  authorize(actor, 'users.list');
  return (await listStoredUsers(db)).map(toAccount);
}

export function toAccount({ id, name, email, role, createdAt, deactivatedAt, twoFactorEnabled }: User): Account {
  const times = { createdAt: createdAt.toISOString(), deactivatedAt: deactivatedAt?.toISOString() ?? null };
  return { id, name, email, role: role as Role, ...times, hasSecondFactor: twoFactorEnabled };
}
