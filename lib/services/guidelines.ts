import { authorizeInProject } from '@/lib/auth/in-project';
import type { Actor } from '@/lib/auth/permissions';
import { conflict, invalid, notFound } from '@/lib/auth/refusal';
import type { Database } from '@/lib/db/client';
import { isUniqueViolation } from '@/lib/db/constraint-errors';
import {
  acknowledgedGuidelines,
  currentGuidelines,
  type GuidelineRow,
  guidelineAuthors,
  guidelinesUpTo,
  insertGuidelines,
  insertReading,
} from '@/lib/db/guidelines';
import { type ProjectRow, updateProject } from '@/lib/db/projects';
import type {
  GuidelineChange,
  GuidelinesAnswer,
  GuidelineVersion,
  PastVersion,
  PublishGuidelinesRequest,
} from '@/lib/schemas/guidelines';

/** The version in force, and the newest version that the actor has acknowledged. */
export async function viewGuidelines(actor: Actor, db: Database, projectId: string): Promise<GuidelinesAnswer> {
  await authorizeInProject(db, actor, 'project.view', projectId);
  const current = await currentGuidelines(db, projectId);
  const acknowledged = await acknowledgedGuidelines(db, projectId, actor.userId);
  return {
    current: current && toGuidelineVersion(current),
    acknowledged: acknowledged && toGuidelineVersion(acknowledged),
  };
}

/** All versions with their authors and times. */
export async function listGuidelines(actor: Actor, db: Database, projectId: string): Promise<PastVersion[]> {
  await authorizeInProject(db, actor, 'prompts.read', projectId);
  const rows = await guidelineAuthors(db, projectId);
  return rows.map((row) => ({ ...row, createdAt: row.createdAt.toISOString() }));
}

/** @param version the text in the request's path */
export async function viewGuidelineChange(
  actor: Actor,
  db: Database,
  projectId: string,
  version: string,
): Promise<GuidelineChange> {
  await authorizeInProject(db, actor, 'prompts.read', projectId);
  if (!/^[1-9]\d{0,8}$/.test(version)) throw notFound();
  const [after, before] = await guidelinesUpTo(db, projectId, Number(version), 2);
  if (after?.version !== Number(version)) throw notFound();
  return { before: before ? toGuidelineVersion(before) : null, after: toGuidelineVersion(after) };
}

/**
 * Appends a version, unless the text is unchanged. Its author counts as having acknowledged it.
 * @throws Refusal 'conflict' when somebody has published since `baseVersion`; 'invalid' for more examples than tiers
 */
export async function publishGuidelines(
  actor: Actor,
  db: Database,
  projectId: string,
  { baseVersion, body, examples }: PublishGuidelinesRequest,
): Promise<GuidelineVersion | null> {
  try {
    return await db.transaction(async (tx) => {
      const { project } = await authorizeInProject(tx, actor, 'project.edit', projectId);
      if (examples.length > project.tiers.length) {
        throw invalid('moreExamplesThanTiers', { count: project.tiers.length });
      }
      const current = await currentGuidelines(tx, projectId);
      if (baseVersion !== (current?.version ?? 0)) throw stale();
      return appendGuidelines(actor, tx, project, { body, examples }, current);
    });
  } catch (error) {
    if (isUniqueViolation(error)) throw stale();
    throw error;
  }
}

/** For callers that have opened a transaction and authorized the actor. @returns the version in force */
export async function appendGuidelines(
  actor: Actor,
  tx: Database,
  { id: projectId, tiers }: Pick<ProjectRow, 'id' | 'tiers'>,
  { body, examples }: { body: string; examples?: readonly string[] },
  current: GuidelineRow | null,
): Promise<GuidelineVersion | null> {
  const newExamples = examples ?? current?.examples ?? [];
  const full = tiers.map((_, tier) => newExamples[tier] ?? '');
  const same = current
    ? current.body === body && current.examples.join('\u0000') === full.join('\u0000')
    : isEmpty(body, full);
  if (same) return current && toGuidelineVersion(current);
  const version = (current?.version ?? 0) + 1;
  const row = await insertGuidelines(tx, { projectId, version, body, examples: full, createdBy: actor.userId });
  await insertReading(tx, { projectId, version, userId: actor.userId });
  await updateProject(tx, projectId, { guidelines: body });
  return toGuidelineVersion(row);
}

/** @throws Refusal 'conflict' when a newer version exists, which is the one to acknowledge */
export async function acknowledgeGuidelines(
  actor: Actor,
  db: Database,
  projectId: string,
  version: number,
): Promise<GuidelinesAnswer> {
  await authorizeInProject(db, actor, 'annotate', projectId);
  const current = await currentGuidelines(db, projectId);
  if (current?.version !== version) throw conflict('guidelinesChanged');
  await insertReading(db, { projectId, version, userId: actor.userId });
  return viewGuidelines(actor, db, projectId);
}

function isEmpty(body: string, examples: readonly string[]): boolean {
  return body.trim() === '' && examples.every((text) => text.trim() === '');
}

function stale() {
  return conflict('guidelinesPublished');
}

function toGuidelineVersion({ version, body, examples, createdAt }: GuidelineRow): GuidelineVersion {
  return { version, body, examples, createdAt: createdAt.toISOString() };
}
