import type { Database } from '@/lib/db/client';
import { findProjectRole } from '@/lib/db/members';
import { findProject, type ProjectRow } from '@/lib/db/projects';
import type { ProjectRole } from '@/lib/schemas/account';
import { type Actor, assertOpen, authorize, type ProjectAction } from './permissions';
import { notFound } from './refusal';

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** @throws Refusal 'not_found' for text that is not a UUID, since nothing stored can have it as its id */
export function requireUuid(id: string): string {
  if (!UUID.test(id)) throw notFound();
  return id;
}

/**
 * The project, if the actor may perform the action in it. Every service that works in a project calls it first.
 * @throws Refusal 'not_found' or 'forbidden', see authorize; 'locked', see assertOpen
 */
export async function authorizeInProject(
  db: Database,
  actor: Actor,
  action: ProjectAction,
  projectId: string,
): Promise<{ project: ProjectRow; projectRole: ProjectRole | null }> {
  requireUuid(projectId);
  const projectRole = await findProjectRole(db, projectId, actor.userId);
  authorize(actor, action, { projectRole });
  const project = await findProject(db, projectId);
  if (!project) throw notFound();
  assertOpen(project.state, action);
  return { project, projectRole };
}
