import { and, count, eq, inArray, lte } from 'drizzle-orm';
import {
  annotations,
  importedAnnotators,
  members,
  pastTiers,
  projects,
  runs,
  snapshots,
  users,
} from '@/drizzle/schema';
import type { ProjectRole } from '@/lib/schemas/account';
import type { MomentPlace } from '@/lib/schemas/cursor';
import type { ProjectCounts } from '@/lib/schemas/project';
import type { SettingName } from '@/lib/schemas/settings';
import type { Database } from './client';
import { newestFirst } from './newest-first';
import { insertSettingsVersion } from './settings-versions';
import { finishedIn, sumTallies, tallyOf } from './tallies';

export type ProjectRow = typeof projects.$inferSelect;

export async function findProject(db: Database, projectId: string): Promise<ProjectRow | null> {
  const [row] = await db.select().from(projects).where(eq(projects.id, projectId));
  return row ?? null;
}

/** The tiers' names. Neither their number nor the project's state can change until the transaction ends; see `lockSettings`. */
export async function tiersForJudging(
  db: Database,
  projectId: string,
): Promise<Pick<ProjectRow, 'tiers' | 'tiersVersion' | 'state'>> {
  const [row] = await db
    .select({ tiers: projects.tiers, tiersVersion: projects.tiersVersion, state: projects.state })
    .from(projects)
    .where(eq(projects.id, projectId))
    .for('key share');
  return row ?? { tiers: [], tiersVersion: 1, state: 'deleting' };
}

/**
 * Locks the settings until the transaction ends, and says whether the project has annotations. It waits for annotations
 * that are being stored, and later ones wait for it.
 */
export async function lockSettings(
  db: Database,
  projectId: string,
): Promise<{ project: ProjectRow; annotated: boolean }> {
  const [project] = await db.select().from(projects).where(eq(projects.id, projectId)).for('update');
  if (!project) throw new Error('The project is gone.');
  const anyAnnotation = db
    .select({ id: annotations.id })
    .from(annotations)
    .where(eq(annotations.projectId, projectId))
    .limit(1);
  return { project, annotated: (await anyAnnotation).length > 0 };
}

export async function insertProject(db: Database, values: typeof projects.$inferInsert): Promise<ProjectRow> {
  const [row] = await db.insert(projects).values(values).returning();
  if (!row) throw new Error('The inserted project did not come back.');
  await insertSettingsVersion(db, row, row.createdBy);
  return row;
}

export async function updateProject(
  db: Database,
  projectId: string,
  values: Partial<Pick<ProjectRow, SettingName | 'guidelines' | 'settingsVersion' | 'tiersVersion' | 'state'>>,
): Promise<ProjectRow | null> {
  const [row] = await db
    .update(projects)
    .set({ ...values, updatedAt: new Date() })
    .where(eq(projects.id, projectId))
    .returning();
  return row ?? null;
}

/** Stores the tiers' current names before they are renamed. */
export async function archiveTierNames(
  tx: Database,
  { id, tiersVersion, tiers }: Pick<ProjectRow, 'id' | 'tiersVersion' | 'tiers'>,
): Promise<void> {
  await tx.insert(pastTiers).values({ projectId: id, version: tiersVersion, names: tiers });
}

/** The tiers' names by version, including the version in force. */
export async function tierNamesByVersion(
  db: Database,
  { id, tiersVersion, tiers }: Pick<ProjectRow, 'id' | 'tiersVersion' | 'tiers'>,
): Promise<Map<number, string[]>> {
  const rows = await db.select().from(pastTiers).where(eq(pastTiers.projectId, id));
  return new Map([...rows.map(({ version, names }) => [version, names] as const), [tiersVersion, tiers]]);
}

export interface ListedProject {
  project: ProjectRow;
  /** When it was made; see newest-first.ts. */
  micros: string;
  /** The person's role in the project; null for an admin who is not a member. */
  role: ProjectRole | null;
  /** The number of versions by everybody; `ownAnnotations` is the number of prompts that this person has finished. */
  annotations: number;
  ownAnnotations: number;
}

const newest = newestFirst(projects.createdAt, projects.id);

/** The projects that a person is a member of, newest first; `all` adds the others, for an admin. */
export async function listProjects(
  db: Database,
  userId: string,
  { all, after, limit }: { all: boolean; after: MomentPlace | undefined; limit: number },
): Promise<ListedProject[]> {
  const rolesByProject = new Map(
    (await db.select().from(members).where(eq(members.userId, userId))).map((row) => [row.projectId, row.role]),
  );
  if (!all && rolesByProject.size === 0) return [];
  const rows = await db
    .select({ project: projects, micros: newest.micros })
    .from(projects)
    .where(
      and(
        inArray(projects.state, ['active', 'archived']),
        newest.following(after),
        all ? undefined : inArray(projects.id, [...rolesByProject.keys()]),
      ),
    )
    .orderBy(...newest.order)
    .limit(limit);
  const ids = rows.map(({ project }) => project.id);
  const work = await sumTallies(db, ids);
  const finished = await finishedIn(db, userId, ids);
  return rows.map(({ project, micros }) => ({
    project,
    micros,
    role: (rolesByProject.get(project.id) as ListedProject['role']) ?? null,
    annotations: work.get(project.id)?.versions ?? 0,
    ownAnnotations: finished.get(project.id) ?? 0,
  }));
}

export async function countProject(
  db: Database,
  { id: projectId, promptCount, responseCount }: ProjectRow,
): Promise<ProjectCounts> {
  const work = (await sumTallies(db, [projectId])).get(projectId);
  const [snapshot] = await db
    .select({ n: count() })
    .from(snapshots)
    .where(and(eq(snapshots.projectId, projectId), snapshots.sealed));
  const [run] = await db.select({ n: count() }).from(runs).where(eq(runs.projectId, projectId));
  return {
    prompts: promptCount,
    responses: responseCount,
    annotations: work?.versions ?? 0,
    annotators: work?.annotators ?? 0,
    snapshots: snapshot?.n ?? 0,
    runs: run?.n ?? 0,
  };
}

/** The counts that an annotator may see, which include nothing of other people's work. */
export async function countForAnnotator(
  db: Database,
  { id: projectId, promptCount }: ProjectRow,
  userId: string,
): Promise<Pick<ProjectCounts, 'prompts' | 'annotations'>> {
  return { prompts: promptCount, annotations: (await tallyOf(db, projectId, userId))?.finished ?? 0 };
}

/** Copies that a killed server never finished are deleted. Younger ones may be another server's. */
export async function abandonCopies(db: Database, minAgeMs: number): Promise<void> {
  const before = new Date(Date.now() - minAgeMs);
  await db
    .update(projects)
    .set({ state: 'deleting' })
    .where(and(eq(projects.state, 'copying'), lte(projects.createdAt, before)));
}

export async function projectsBeingDeleted(db: Database): Promise<string[]> {
  const rows = await db.select({ id: projects.id }).from(projects).where(eq(projects.state, 'deleting'));
  return rows.map(({ id }) => id);
}

/** With its imported annotators. Most of what belongs to it must be gone, since this is one step. */
export async function deleteProjectRow(db: Database, projectId: string): Promise<void> {
  await db.transaction(async (tx) => {
    const own = await tx
      .select({ id: importedAnnotators.userId })
      .from(importedAnnotators)
      .where(eq(importedAnnotators.projectId, projectId));
    await tx.delete(projects).where(eq(projects.id, projectId));
    const ids = own.map(({ id }) => id);
    if (ids.length > 0) await tx.delete(users).where(inArray(users.id, ids));
  });
}
