import { randomUUID } from 'node:crypto';
import { hashPassword } from 'better-auth/crypto';
import { hashToken } from '@/lib/auth/one-time-token';
import { conflict, gone } from '@/lib/auth/refusal';
import { recordAudit } from '@/lib/db/audit';
import type { Database } from '@/lib/db/client';
import { isUniqueViolation } from '@/lib/db/constraint-errors';
import { claimInvite, setInviteUser } from '@/lib/db/invites';
import { upsertMember } from '@/lib/db/members';
import { countUsers, insertUserWithPassword } from '@/lib/db/users';
import type { AcceptInviteRequest, Role } from '@/lib/schemas/account';
import { isSetupInvite, viewInvite } from './invites';

/**
 * Creates the account that an invitation is for, with its membership, and uses up the invitation, in one transaction.
 * The token is the permission, so there is no actor.
 * @throws Refusal 'not_found' or 'gone' for the link, 'conflict' for an e-mail address that has an account.
 */
export async function acceptInvite(
  db: Database,
  token: string,
  { name, email, password }: AcceptInviteRequest,
): Promise<{ id: string; name: string; email: string; role: Role }> {
  await viewInvite(db, token); // Refuses with the reason, before the slow hash and outside the transaction.
  const passwordHash = await hashPassword(password);
  try {
    return await db.transaction(async (tx) => {
      const invite = await claimInvite(tx, hashToken(token), new Date());
      if (!invite) throw gone('invitationUsed');
      if (isSetupInvite(invite) && (await countUsers(tx)) > 0) throw gone('administratorThere');
      const id = randomUUID();
      const user = await insertUserWithPassword(tx, { id, name, email, role: invite.role, passwordHash });
      await setInviteUser(tx, invite.id, id);
      if (invite.projectId) {
        const role = invite.role === 'annotator' ? 'annotator' : 'researcher';
        await upsertMember(tx, { projectId: invite.projectId, userId: id, role });
      }
      await recordAudit(tx, { kind: 'account_created', actorId: id, subjectId: id, details: { role: invite.role } });
      return { id, name: user.name, email: user.email, role: user.role as Role };
    });
  } catch (error) {
    if (isUniqueViolation(error)) throw conflict('eMailInUse');
    throw error;
  }
}
