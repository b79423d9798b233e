/** One-time links, which an administrator or the server's first start creates. */

import { authorizeInProject } from '@/lib/auth/in-project';
import { createToken, hashToken } from '@/lib/auth/one-time-token';
import { type Actor, authorize } from '@/lib/auth/permissions';
import { gone, notFound } from '@/lib/auth/refusal';
import { recordAudit } from '@/lib/db/audit';
import type { Database } from '@/lib/db/client';
import {
  deleteUnusedInvite,
  deleteUnusedSetupInvites,
  findInvite,
  type Invite,
  insertInvite,
  listInvites as listStoredInvites,
} from '@/lib/db/invites';
import { countUsers } from '@/lib/db/users';
import type { CreateInviteRequest, Role } from '@/lib/schemas/account';
import type { InviteSummary, ListedInvite } from '@/lib/schemas/people';

const VALID_MS = 7 * 24 * 60 * 60 * 1000;

export function isSetupInvite(invite: Pick<Invite, 'role' | 'createdBy' | 'projectId'>): boolean {
  return invite.role === 'admin' && invite.createdBy === null && invite.projectId === null;
}

/** @returns the token, which is not stored, and when it expires */
export async function createInvite(
  actor: Actor,
  db: Database,
  { role, projectId }: CreateInviteRequest,
): Promise<{ token: string; expiresAt: Date }> {
  authorize(actor, 'invites.create');
  return db.transaction(async (tx) => {
    if (projectId) await authorizeInProject(tx, actor, 'members.manage', projectId);
    await recordAudit(tx, { kind: 'invitation_created', actorId: actor.userId, details: { role } });
    return insertWithToken(tx, { role, projectId: projectId ?? null, createdBy: actor.userId });
  });
}

/**
 * Creates the first administrator's link and deletes those of earlier starts. @returns null when somebody has an
 * account
 */
export async function createSetupInvite(db: Database): Promise<{ token: string; expiresAt: Date } | null> {
  return db.transaction(async (tx) => {
    if ((await countUsers(tx)) > 0) return null;
    await deleteUnusedSetupInvites(tx);
    return insertWithToken(tx, { role: 'admin', projectId: null, createdBy: null });
  });
}

async function insertWithToken(
  db: Database,
  values: { role: Role; projectId: string | null; createdBy: string | null },
): Promise<{ token: string; expiresAt: Date }> {
  const token = createToken();
  const expiresAt = new Date(Date.now() + VALID_MS);
  await insertInvite(db, { ...values, tokenHash: hashToken(token), expiresAt });
  return { token, expiresAt };
}

/**
 * What the holder of a link may see of the invitation.
 * @throws Refusal 'not_found' for an unknown token, 'gone' for a used or expired one.
 */
export async function viewInvite(db: Database, token: string): Promise<InviteSummary> {
  const invite = await findInvite(db, hashToken(token));
  if (!invite) throw notFound('noSuchInvitation');
  if (invite.usedAt) throw gone('invitationUsed');
  if (invite.expiresAt <= new Date()) throw gone('invitationExpired');
  const { role, projectName, expiresAt } = invite;
  return { role: role as Role, projectName, expiresAt: expiresAt.toISOString(), isSetup: isSetupInvite(invite) };
}

export async function listInvites(actor: Actor, db: Database): Promise<ListedInvite[]> {
  authorize(actor, 'invites.list');
  return (await listStoredInvites(db)).map(({ id, role, projectName, expiresAt, usedAt, createdAt }) => {
    return {
      id,
      role: role as Role,
      projectName,
      expiresAt: expiresAt.toISOString(),
      usedAt: usedAt?.toISOString() ?? null,
      createdAt: createdAt.toISOString(),
    };
  });
}

/** Takes back an invitation that nobody has used. */
export async function revokeInvite(actor: Actor, db: Database, { inviteId }: { inviteId: string }): Promise<void> {
  authorize(actor, 'invites.create');
  await db.transaction(async (tx) => {
    if (!(await deleteUnusedInvite(tx, inviteId))) throw notFound('noSuchInvitation');
    await recordAudit(tx, { kind: 'invitation_revoked', actorId: actor.userId });
  });
}
