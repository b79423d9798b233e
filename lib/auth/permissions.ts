/**
 * Permissions: the only place that decides who may do what.
 *
 * A person has two roles. The installation role (admin, researcher, annotator) decides what a person may create; the
 * role in a project (researcher, annotator) what he or she may do there. An admin may do everything everywhere. An
 * annotator only annotates, and sees no sources, labels, annotations of other people, snapshots, runs or scores.
 */
import type { ProjectRole, Role } from '@/lib/schemas/account';
import type { ApiKeyScope } from '@/lib/schemas/api-key';
import type { ProjectState } from '@/lib/schemas/project';
import { forbidden, locked, notFound, type RefusalKey } from './refusal';

/** The person who makes a request; it is the first argument of every service. */
export interface Actor {
  userId: string;
  role: Role;
  /** Of the API key with which a program asks: nothing else is allowed then. Absent for a person who is signed in. */
  scopes?: readonly ApiKeyScope[];
}

export const installationActions = [
  'users.list',
  /** Roles, deactivation, other people's sessions, links for a new password. */
  'users.manage',
  'audit.read',
  'invites.list',
  'invites.create',
  'projects.create',
  'demo.load',
  'models.read',
  /** Add and remove models. */
  'models.manage',
  /** One's own keys for programs. */
  'keys.manage',
] as const;
export type InstallationAction = (typeof installationActions)[number];

export const projectActions = [
  /** Name, guidelines and tiers of the project. */
  'project.view',
  /** Own tasks (without sources and labels), own annotations, own history. */
  'work.read',
  'annotate',
  'project.edit',
  /** Archive, take out of the archive, delete. */
  'project.close',
  'members.manage',
  'prompts.import',
  /** Prompts with sources and labels, everybody's annotations, agreement, counts. */
  'prompts.read',
  /** Decide where annotators differ, and send answers back to them. */
  'adjudicate',
  'snapshots.read',
  'snapshots.create',
  'runs.read',
  /** Create, report, score, store files, finish. */
  'runs.manage',
] as const;
export type ProjectAction = (typeof projectActions)[number];

export type Action = InstallationAction | ProjectAction;

/** What an archived project still allows. */
const whileArchived: ReadonlySet<ProjectAction> = new Set([
  'project.view',
  'project.close',
  'work.read',
  'prompts.read',
  'snapshots.read',
  'runs.read',
]);

const byInstallationRole: Record<Exclude<Role, 'admin'>, ReadonlySet<InstallationAction>> = {
  researcher: new Set(['projects.create', 'demo.load', 'models.read', 'keys.manage']),
  annotator: new Set(),
};

const byProjectRole: Record<ProjectRole, ReadonlySet<ProjectAction>> = {
  researcher: new Set(projectActions),
  annotator: new Set(['project.view', 'work.read', 'annotate']),
};

/** What each scope of an API key allows, of what its person may do. No scope allows anything with accounts or keys. */
const byScope: Record<ApiKeyScope, ReadonlySet<Action>> = {
  read: new Set(['project.view', 'prompts.read', 'snapshots.read', 'runs.read', 'models.read']),
  projects: new Set(['projects.create', 'project.edit']),
  import: new Set(['prompts.import']),
  snapshots: new Set(['snapshots.create']),
};

const isInScope = ({ scopes }: Actor, action: Action): boolean =>
  scopes === undefined || scopes.some((scope) => byScope[scope].has(action));

/** A person's role in the project at hand; null for somebody who is not a member. */
export interface InProject {
  projectRole: ProjectRole | null;
}

export function can(actor: Actor, action: InstallationAction): boolean;
export function can(actor: Actor, action: ProjectAction, where: InProject): boolean;
export function can(actor: Actor, action: Action, where?: InProject): boolean {
  if (!isInScope(actor, action)) return false;
  if (actor.role === 'admin') return true;
  if (isProjectAction(action)) {
    return where?.projectRole != null && byProjectRole[where.projectRole].has(action);
  }
  // A role in the database that this program does not know has no permissions.
  return byInstallationRole[actor.role]?.has(action) ?? false;
}

/**
 * @throws Refusal 'not_found' for people outside the project, who must not learn that it exists;
 * 'forbidden' for members who may not do this, and for keys without the scope
 */
export function authorize(actor: Actor, action: InstallationAction): void;
export function authorize(actor: Actor, action: ProjectAction, where: InProject): void;
export function authorize(actor: Actor, action: Action, where?: InProject): void {
  if (!isInScope(actor, action)) throw forbidden('notInScope');
  if (isProjectAction(action)) {
    const scope: InProject = where ?? { projectRole: null };
    if (can(actor, action, scope)) return;
    if (scope.projectRole === null) throw notFound();
  } else if (can(actor, action)) return;
  throw forbidden(refusalKeys[action]);
}

/** @throws Refusal 'locked' for what would change an archived project */
export function assertOpen(state: ProjectState, action: ProjectAction): void {
  if (state === 'archived' && !whileArchived.has(action)) throw locked('projectArchived');
  if (state === 'copying' || state === 'deleting') throw notFound();
}

/** The person's role in the project as pages show it; admins are admins everywhere. */
export function displayedRole(actor: Actor, where: InProject): Role {
  return actor.role === 'admin' ? 'admin' : (where.projectRole ?? 'annotator');
}

export function isProjectAction(action: Action): action is ProjectAction {
  return (projectActions as readonly string[]).includes(action);
}

const refusalKeys: Record<Action, RefusalKey> = {
  'users.list': 'onlyAdminsSeeAccounts',
  'users.manage': 'onlyAdminsManagePeople',
  'audit.read': 'onlyAdminsReadAudit',
  'invites.list': 'onlyAdminsSeeInvitations',
  'invites.create': 'onlyAdminsInvite',
  'projects.create': 'onlyResearchersCreateProjects',
  'demo.load': 'onlyResearchersLoadDemo',
  'models.read': 'onlyResearchersUseModels',
  'models.manage': 'onlyAdminsManageModels',
  'keys.manage': 'onlyResearchersHaveKeys',
  'project.view': 'notThisProject',
  'work.read': 'notAnnotating',
  annotate: 'notAnnotating',
  'project.edit': 'onlyItsResearchersEdit',
  'project.close': 'onlyItsResearchersClose',
  'members.manage': 'onlyItsResearchersManageMembers',
  'prompts.import': 'onlyItsResearchersImport',
  'prompts.read': 'onlyItsResearchersReadAll',
  adjudicate: 'onlyReviewersDecide',
  'snapshots.read': 'onlyItsResearchersSeeSnapshots',
  'snapshots.create': 'onlyItsResearchersMakeSnapshots',
  'runs.read': 'onlyItsResearchersSeeRuns',
  'runs.manage': 'onlyItsResearchersTrain',
};
