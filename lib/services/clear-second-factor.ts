import { type Actor, authorize } from '@/lib/auth/permissions';
import { notFound } from '@/lib/auth/refusal';
import { recordAudit } from '@/lib/db/audit';
import type { Database } from '@/lib/db/client';
import { deleteSecondFactor } from '@/lib/db/second-factors';
import { findUser, type User } from '@/lib/db/users';

/** For somebody who has lost the phone and the recovery codes: the password alone is enough again. */
export async function clearSecondFactor(actor: Actor, db: Database, userId: string): Promise<void> {
  authorize(actor, 'users.manage');
  await db.transaction(async (tx) => {
    const user = await findUser(tx, userId);
    if (!user) throw notFound();
    await clearFor(tx, user, actor.userId);
  });
}

/** Clears it where the permission was checked. `actorId` is null on the server's command line. */
export async function clearFor(tx: Database, user: Pick<User, 'id'>, actorId: string | null): Promise<void> {
  if (!(await deleteSecondFactor(tx, user.id))) return;
  await recordAudit(tx, { kind: 'second_factor_cleared', actorId, subjectId: user.id });
}
