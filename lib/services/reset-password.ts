/** One-time links by which people choose a new password. */
import { hashPassword } from 'better-auth/crypto';
import { createToken, hashToken } from '@/lib/auth/one-time-token';
import { type Actor, authorize } from '@/lib/auth/permissions';
import { conflict, gone, notFound } from '@/lib/auth/refusal';
import { recordAudit } from '@/lib/db/audit';
import type { Database } from '@/lib/db/client';
import { claimResetLink, deleteResetLinkOf, findResetLink, putResetLink } from '@/lib/db/reset-links';
import { deleteSessions } from '@/lib/db/sessions';
import { findUser, setPasswordHash, type User } from '@/lib/db/users';
import type { ResetSummary } from '@/lib/schemas/people';

const VALID_MS = 24 * 60 * 60 * 1000;

/** @returns the token, which is not stored, and when it expires; an earlier link of the person stops working */
export async function createResetLink(
  actor: Actor,
  db: Database,
  userId: string,
): Promise<{ token: string; expiresAt: Date }> {
  authorize(actor, 'users.manage');
  return db.transaction(async (tx) => {
    const user = await findUser(tx, userId);
    if (!user) throw notFound();
    if (user.deactivatedAt) throw conflict('accountDeactivated');
    return linkFor(tx, user, actor.userId);
  });
}

/** Stores a link for a person whose permission to have one was checked. `actorId` is null on the server's command line. */
export async function linkFor(
  tx: Database,
  user: Pick<User, 'id'>,
  actorId: string | null,
): Promise<{ token: string; expiresAt: Date }> {
  const token = createToken();
  const expiresAt = new Date(Date.now() + VALID_MS);
  await putResetLink(tx, { userId: user.id, tokenHash: hashToken(token), createdBy: actorId, expiresAt });
  await recordAudit(tx, { kind: 'reset_link_created', actorId, subjectId: user.id });
  return { token, expiresAt };
}

/** @throws Refusal 'not_found' for a link that is unknown, used or replaced, 'gone' for one that is expired */
export async function viewResetLink(db: Database, token: string): Promise<ResetSummary> {
  const link = await findResetLink(db, hashToken(token));
  if (!link || link.user.deactivatedAt) throw notFound('resetLinkInvalid');
  if (link.expiresAt <= new Date()) throw gone('resetLinkInvalid');
  const { name, email } = link.user;
  return { name, email, expiresAt: link.expiresAt.toISOString() };
}

/**
 * Sets the password, uses up the link and ends all sessions, in one transaction. The token is the permission.
 * @returns the e-mail address to sign in with
 */
export async function resetPassword(db: Database, token: string, password: string): Promise<{ email: string }> {
  await viewResetLink(db, token); // Refuses before the slow hash.
  const passwordHash = await hashPassword(password);
  return db.transaction(async (tx) => {
    const userId = await claimResetLink(tx, hashToken(token), new Date());
    const user = userId === null ? null : await findUser(tx, userId);
    if (!user || user.deactivatedAt) throw gone('resetLinkInvalid');
    await replacePassword(tx, user, passwordHash, user.id);
    return { email: user.email };
  });
}

/** Sets a password whose permission was checked, and ends all sessions of the person. */
export async function replacePassword(
  tx: Database,
  user: Pick<User, 'id'>,
  passwordHash: string,
  actorId: string | null,
): Promise<void> {
  await setPasswordHash(tx, user.id, passwordHash);
  await deleteResetLinkOf(tx, user.id);
  await deleteSessions(tx, user.id);
  await recordAudit(tx, { kind: 'password_reset', actorId, subjectId: user.id });
}
