import { and, count, countDistinct, desc, eq, inArray } from 'drizzle-orm';
import { annotations, members, pastTiers, projects, runs, snapshots } from '@/drizzle/schema';
import { sawEveryResponse } from './annotations';
import type { Database } from './client';
import { publishedOf } from './published';

export type Project = typeof projects.$inferSelect;

export interface ProjectCounts {
  prompts: number;
  responses: number;
  /** Every version counts: they are append-only. */
  annotations: number;
  annotators: number;
  snapshots: number;
  runs: number;
}

export async function findProject(db: Database, projectId: string): Promise<Project | null> {
  const [row] = await db.select().from(projects).where(eq(projects.id, projectId));
  return row ?? null;
}

/** The names of the tiers, which stay as many until the transaction ends: see `lockSettings`. */
export async function tiersForJudging(
  db: Database,
  projectId: string,
): Promise<Pick<Project, 'tiers' | 'tiersVersion'>> {
  const [row] = await db
    .select({ tiers: projects.tiers, tiersVersion: projects.tiersVersion })
    .from(projects)
    .where(eq(projects.id, projectId))
    .for('key share');
  return row ?? { tiers: [], tiersVersion: 1 };
}

/**
 * The settings, which stay as they are until the transaction ends, and whether anything was judged by them: waits for
 * annotations that are being stored, and keeps others waiting.
 */
export async function lockSettings(db: Database, projectId: string): Promise<{ project: Project; annotated: boolean }> {
  const [project] = await db.select().from(projects).where(eq(projects.id, projectId)).for('update');
  if (!project) throw new Error('The project is gone.');
  const some = db.select({ id: annotations.id }).from(annotations).where(eq(annotations.projectId, projectId)).limit(1);
  return { project, annotated: (await some).length > 0 };
}

export async function insertProject(db: Database, values: typeof projects.$inferInsert): Promise<Project> {
  const [row] = await db.insert(projects).values(values).returning();
  if (!row) throw new Error('The inserted project did not come back.');
  return row;
}

export async function updateProject(
  db: Database,
  projectId: string,
  values: Partial<
    Pick<
      Project,
      | 'name'
      | 'description'
      | 'guidelines'
      | 'settingsVersion'
      | 'tiers'
      | 'tiersVersion'
      | 'tierColors'
      | 'issueTags'
      | 'goldWarmUp'
      | 'goldEvery'
      | 'hideSelfNames'
    >
  >,
): Promise<Project | null> {
  const [row] = await db
    .update(projects)
    .set({ ...values, updatedAt: new Date() })
    .where(eq(projects.id, projectId))
    .returning();
  return row ?? null;
}

/** Keeps what the tiers were called, before they are renamed. */
export async function keepTierNames(
  tx: Database,
  { id, tiersVersion, tiers }: Pick<Project, 'id' | 'tiersVersion' | 'tiers'>,
): Promise<void> {
  await tx.insert(pastTiers).values({ projectId: id, version: tiersVersion, names: tiers });
}

/** What the tiers were called in each version, the one in force included. */
export async function tierNamesByVersion(
  db: Database,
  { id, tiersVersion, tiers }: Pick<Project, 'id' | 'tiersVersion' | 'tiers'>,
): Promise<Map<number, string[]>> {
  const rows = await db.select().from(pastTiers).where(eq(pastTiers.projectId, id));
  return new Map([...rows.map(({ version, names }) => [version, names] as const), [tiersVersion, tiers]]);
}

export interface ListedProject {
  project: Project;
  /** The person's role in it; null where there is none (an admin's view). */
  role: 'researcher' | 'annotator' | null;
  prompts: number;
  /** Versions by everybody, and prompts that this person is done with. */
  annotations: number;
  ownAnnotations: number;
}

/** The projects that a person is in, newest first; `all` adds the rest, for an admin. */
export async function listProjects(db: Database, userId: string, all: boolean): Promise<ListedProject[]> {
  const mine = new Map(
    (await db.select().from(members).where(eq(members.userId, userId))).map((row) => [row.projectId, row.role]),
  );
  if (!all && mine.size === 0) return [];
  const rows = await db
    .select()
    .from(projects)
    .where(all ? undefined : inArray(projects.id, [...mine.keys()]))
    .orderBy(desc(projects.createdAt), desc(projects.id));
  const ids = rows.map((row) => row.id);
  if (ids.length === 0) return [];
  const counted = async (query: Promise<{ id: string; n: number }[]>) =>
    new Map((await query).map((row) => [row.id, row.n]));
  const annotationCounts = await counted(
    db
      .select({ id: annotations.projectId, n: count() })
      .from(annotations)
      .where(inArray(annotations.projectId, ids))
      .groupBy(annotations.projectId),
  );
  const ownCounts = await counted(
    db
      .select({ id: annotations.projectId, n: countDistinct(annotations.promptId) })
      .from(annotations)
      .where(and(eq(annotations.annotatorId, userId), sawEveryResponse(db)))
      .groupBy(annotations.projectId),
  );
  return rows.map((project) => ({
    project,
    role: (mine.get(project.id) as ListedProject['role']) ?? null,
    prompts: project.promptCount,
    annotations: annotationCounts.get(project.id) ?? 0,
    ownAnnotations: ownCounts.get(project.id) ?? 0,
  }));
}

export async function countProject(db: Database, projectId: string): Promise<ProjectCounts> {
  const published = await publishedOf(db, projectId);
  const [annotated] = await db
    .select({ n: count(), annotators: countDistinct(annotations.annotatorId) })
    .from(annotations)
    .where(eq(annotations.projectId, projectId));
  const [snapshot] = await db
    .select({ n: count() })
    .from(snapshots)
    .where(and(eq(snapshots.projectId, projectId), snapshots.sealed));
  const [run] = await db.select({ n: count() }).from(runs).where(eq(runs.projectId, projectId));
  return {
    prompts: published.prompts,
    responses: published.responses,
    annotations: annotated?.n ?? 0,
    annotators: annotated?.annotators ?? 0,
    snapshots: snapshot?.n ?? 0,
    runs: run?.n ?? 0,
  };
}

/** The counts that somebody who only annotates may know: of other people's work, nothing. */
export async function countOwn(
  db: Database,
  projectId: string,
  userId: string,
): Promise<Pick<ProjectCounts, 'prompts' | 'annotations'>> {
  const { prompts } = await publishedOf(db, projectId);
  const [annotated] = await db
    .select({ n: countDistinct(annotations.promptId) })
    .from(annotations)
    .where(and(eq(annotations.projectId, projectId), eq(annotations.annotatorId, userId), sawEveryResponse(db)));
  return { prompts, annotations: annotated?.n ?? 0 };
}
