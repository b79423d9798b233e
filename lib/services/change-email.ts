import { verifyPassword } from 'better-auth/crypto';
import type { Actor } from '@/lib/auth/permissions';
import { conflict } from '@/lib/auth/refusal';
import { recordAudit } from '@/lib/db/audit';
import type { Database } from '@/lib/db/client';
import { isUniqueViolation } from '@/lib/db/constraint-errors';
import { findPasswordHash, findUser, type User, updateUser } from '@/lib/db/users';

/**
 * Changes the address with which the actor signs in.
 * @returns null when the password is wrong
 * @throws Refusal 'conflict' for an address that another account has
 */
export async function changeEmail(
  actor: Actor,
  db: Database,
  { email, password }: { email: string; password: string },
): Promise<User | null> {
  const hash = await findPasswordHash(db, actor.userId);
  if (hash === null || !(await verifyPassword({ hash, password }))) return null;
  try {
    return await db.transaction(async (tx) => {
      const from = (await findUser(tx, actor.userId))?.email ?? '';
      const details = { from, to: email };
      await recordAudit(tx, { kind: 'email_changed', actorId: actor.userId, subjectId: actor.userId, details });
      return updateUser(tx, actor.userId, { email });
    });
  } catch (error) {
    if (isUniqueViolation(error)) throw conflict('eMailInUse');
    throw error;
  }
}
