import { authorizeInProject } from '@/lib/auth/in-project';
import { type Actor, authorize, can, type Role, shownRole } from '@/lib/auth/permissions';
import type { Database } from '@/lib/db/client';
import { currentGuidelines } from '@/lib/db/guidelines';
import { listMembers, type Member, putMember } from '@/lib/db/members';
import {
  countOwn,
  countProject,
  insertProject,
  listProjects as listStoredProjects,
  type Project,
  type ProjectCounts,
  updateProject as updateStoredProject,
} from '@/lib/db/projects';
import { type CreateProjectRequest, DEFAULT_TIERS, type UpdateProjectRequest } from '@/lib/schemas/account';
import { mergeIssueTags } from '@/lib/schemas/remark-rules';
import { appendGuidelines } from './guidelines';

export type ShownProject = Omit<Project, 'createdBy'>;

/** Of `counts`, an annotator gets only prompts and the number that he or she has annotated. */
export interface ProjectSummary {
  id: string;
  name: string;
  description: string;
  isDemo: boolean;
  role: Role;
  counts: Pick<ProjectCounts, 'prompts' | 'annotations'>;
}

export interface ProjectView {
  project: ShownProject;
  counts: Partial<ProjectCounts>;
  /** Empty for annotators. */
  members: Member[];
  role: Role;
}

export async function listProjects(actor: Actor, db: Database): Promise<ProjectSummary[]> {
  const rows = await listStoredProjects(db, actor.userId, actor.role === 'admin');
  return rows.map(({ project, role, prompts, annotations, ownAnnotations }) => {
    const where = { projectRole: role };
    const mayRead = can(actor, 'prompts.read', where);
    return {
      id: project.id,
      name: project.name,
      description: project.description,
      isDemo: project.isDemo,
      role: shownRole(actor, where),
      counts: { prompts, annotations: mayRead ? annotations : ownAnnotations },
    };
  });
}

/** A project of the actor's own, in which he or she is a researcher. */
export async function createProject(
  actor: Actor,
  db: Database,
  { name, description = '', guidelines = '', tiers = DEFAULT_TIERS }: CreateProjectRequest,
): Promise<ShownProject> {
  authorize(actor, 'projects.create');
  return db.transaction(async (tx) => {
    const project = await insertProject(tx, { name, description, guidelines, tiers, createdBy: actor.userId });
    await putMember(tx, { projectId: project.id, userId: actor.userId, role: 'researcher' });
    await appendGuidelines(actor, tx, project, { body: guidelines }, null);
    return shown(project);
  });
}

export async function viewProject(actor: Actor, db: Database, projectId: string): Promise<ProjectView> {
  return db.transaction(async (tx) => {
    const { project, projectRole } = await authorizeInProject(tx, actor, 'project.view', projectId);
    const where = { projectRole };
    return {
      // When a gold prompt comes is not for those who meet it.
      project: can(actor, 'prompts.read', where) ? shown(project) : { ...shown(project), goldWarmUp: 0, goldEvery: 0 },
      counts: can(actor, 'prompts.read', where)
        ? await countProject(tx, projectId)
        : await countOwn(tx, projectId, actor.userId),
      members: can(actor, 'members.manage', where) ? await listMembers(tx, projectId) : [],
      role: shownRole(actor, where),
    };
  });
}

export async function updateProject(
  actor: Actor,
  db: Database,
  projectId: string,
  changes: UpdateProjectRequest,
): Promise<ShownProject> {
  return db.transaction(async (tx) => {
    const { project } = await authorizeInProject(tx, actor, 'project.edit', projectId);
    const { issueTags, guidelines, ...rest } = changes;
    const tags = issueTags ? { issueTags: mergeIssueTags(project.issueTags, issueTags) } : {};
    if (guidelines !== undefined) {
      await appendGuidelines(actor, tx, project, { body: guidelines }, await currentGuidelines(tx, projectId));
    }
    return shown((await updateStoredProject(tx, projectId, { ...rest, ...tags })) ?? project);
  });
}

function shown({ createdBy: _, ...project }: Project): ShownProject {
  return project;
}
