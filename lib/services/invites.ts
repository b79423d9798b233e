/** One-time links, which an administrator or the server's first start creates. */

import { createHash, randomBytes } from 'node:crypto';
import { authorizeInProject } from '@/lib/auth/in-project';
import { type Actor, authorize } from '@/lib/auth/permissions';
import { gone, notFound } from '@/lib/auth/refusal';
import type { Database } from '@/lib/db/client';
import {
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

/** The hash that is stored instead of the token, so that nobody who reads the database can use its invitations. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

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
  const token = randomBytes(32).toString('base64url');
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
