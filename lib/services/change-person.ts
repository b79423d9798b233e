/** Roles of other people, and whether their accounts are active. */
import { type Actor, authorize } from '@/lib/auth/permissions';
import { conflict, invalid, notFound } from '@/lib/auth/refusal';
import { deleteApiKeysOf } from '@/lib/db/api-keys';
import { holdPlaces, releasePlace } from '@/lib/db/assignments';
import { recordAudit } from '@/lib/db/audit';
import type { Database } from '@/lib/db/client';
import { lockPlaces, settingsForAssigning } from '@/lib/db/coverage';
import { deleteUnusedInvitesBy } from '@/lib/db/invites';
import { findProjectRole, upsertMember } from '@/lib/db/members';
import { heldPlacesByProject, projectsOnlyOf } from '@/lib/db/places-of-person';
import { deleteResetLinkOf, deleteResetLinksBy } from '@/lib/db/reset-links';
import { deleteSessions } from '@/lib/db/sessions';
import { findUser, hasOtherAdmin, lockAccounts, type User, updateUser } from '@/lib/db/users';
import type { ChangePersonRequest, ProjectRole, Role } from '@/lib/schemas/account';
import type { Account } from '@/lib/schemas/people';
import { toAccount } from './accounts';

/**
 * Changes a role, deactivates or reactivates an account, or passes on what waits for the person. Nothing that the person
 * did is changed.
 * @throws Refusal 'conflict' for the last administrator, or the last researcher of a project whom nobody follows
 */
export async function changePerson(
  actor: Actor,
  db: Database,
  userId: string,
  change: ChangePersonRequest,
): Promise<Account> {
  authorize(actor, 'users.manage');
  return db.transaction(async (tx) => {
    await lockAccounts(tx);
    const user = await findUser(tx, userId);
    if (!user) throw notFound();
    if ('role' in change) return toAccount(await changeRole(actor, tx, user, change.role));
    if (!('active' in change)) return toAccount(await transfer(actor, tx, user, change.transferTo));
    if (change.active) return toAccount(await reactivate(actor, tx, user));
    return toAccount(await deactivate(actor, tx, user, change.transferTo));
  });
}

async function changeRole(actor: Actor, tx: Database, user: User, role: Role): Promise<User> {
  if (user.role === role) return user;
  await assertOtherAdmin(tx, user);
  if (user.role === 'admin') await withdrawLinksBy(tx, user.id);
  const details = { from: user.role, to: role };
  await recordAudit(tx, { kind: 'role_changed', actorId: actor.userId, subjectId: user.id, details });
  return updateUser(tx, user.id, { role });
}

/**
 * The sessions' rows are kept, and requireActor refuses them: it says that the account was deactivated, and not merely
 * that nobody is signed in.
 */
async function deactivate(actor: Actor, tx: Database, user: User, transferTo: string | undefined): Promise<User> {
  if (user.deactivatedAt) return user;
  await assertOtherAdmin(tx, user);
  const successor = transferTo === undefined ? null : await successorOf(tx, user, transferTo);
  const [only, ...others] = await projectsOnlyOf(tx, user.id);
  if (only && !successor) {
    throw conflict('lastResearcherOf', { name: user.name, project: only.name, others: others.length });
  }
  await passOn(actor, tx, user, successor);
  await withdrawLinksBy(tx, user.id);
  await deleteResetLinkOf(tx, user.id);
  // Unlike sessions, they would work again with the account, long after anybody remembers them.
  await deleteApiKeysOf(tx, user.id);
  await recordAudit(tx, { kind: 'account_deactivated', actorId: actor.userId, subjectId: user.id });
  return updateUser(tx, user.id, { deactivatedAt: new Date() });
}

async function transfer(actor: Actor, tx: Database, user: User, transferTo: string): Promise<User> {
  await passOn(actor, tx, user, await successorOf(tx, user, transferTo));
  return user;
}

async function successorOf(tx: Database, user: User, id: string): Promise<User> {
  const successor = await findUser(tx, id);
  if (!successor || successor.deactivatedAt || successor.id === user.id) throw invalid('notASuccessor');
  return successor;
}

/** Projects that would have no researcher without this person, and prompts that wait for the person. */
async function passOn(actor: Actor, tx: Database, user: User, successor: User | null): Promise<void> {
  const only = successor ? await projectsOnlyOf(tx, user.id) : [];
  for (const project of only) await join(actor, tx, project, successor!, 'researcher');
  await passPlacesOn(actor, tx, user, successor);
}

async function reactivate(actor: Actor, tx: Database, user: User): Promise<User> {
  if (!user.deactivatedAt) return user;
  await deleteSessions(tx, user.id);
  await recordAudit(tx, { kind: 'account_reactivated', actorId: actor.userId, subjectId: user.id });
  return updateUser(tx, user.id, { deactivatedAt: null });
}

/** Gives the person's held places back, and those that have not expired to the successor. */
async function passPlacesOn(actor: Actor, tx: Database, user: User, successor: User | null): Promise<void> {
  let passedOn = 0;
  for (const [projectId, waiting] of await heldPlacesByProject(tx, user.id)) {
    const project = await settingsForAssigning(tx, projectId);
    if (successor && waiting.length > 0 && !(await findProjectRole(tx, projectId, successor.id))) {
      await join(actor, tx, project, successor, 'annotator');
    }
    for (const promptId of waiting) {
      const { touched } = await lockPlaces(tx, promptId);
      await releasePlace(tx, promptId, user.id);
      if (!successor || touched.includes(successor.id)) continue;
      await holdPlaces(tx, { projectId, annotatorId: successor.id }, [promptId], { assignedBy: actor.userId });
      passedOn++;
    }
  }
  if (!successor) return;
  const details = { from: user.email, prompts: passedOn };
  await recordAudit(tx, { kind: 'work_transferred', actorId: actor.userId, subjectId: successor.id, details });
}

async function join(
  actor: Actor,
  tx: Database,
  project: { id: string; name: string },
  person: User,
  role: ProjectRole,
): Promise<void> {
  await upsertMember(tx, { projectId: project.id, userId: person.id, role });
  const details = { role, project: project.name };
  await recordAudit(tx, { kind: 'member_set', actorId: actor.userId, subjectId: person.id, details });
}

/** Somebody who is no longer an administrator must not have links in reserve. */
async function withdrawLinksBy(tx: Database, userId: string): Promise<void> {
  await deleteUnusedInvitesBy(tx, userId);
  await deleteResetLinksBy(tx, userId);
}

async function assertOtherAdmin(tx: Database, user: User): Promise<void> {
  if (user.role !== 'admin' || user.deactivatedAt) return;
  if (!(await hasOtherAdmin(tx, user.id))) throw conflict('lastAdmin');
}
