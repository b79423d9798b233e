import { and, desc, eq, lt } from 'drizzle-orm';
import { type projects, settingsVersions, users } from '@/drizzle/schema';
import { type ProjectSettings, settingNames } from '@/lib/schemas/settings';
import type { Database } from './client';

type ProjectRow = typeof projects.$inferSelect;

/** Stores the project's settings as those of its current version. */
export async function insertSettingsVersion(
  tx: Database,
  project: ProjectRow,
  createdBy: string | null,
): Promise<void> {
  const settings = settingsOf(project);
  await tx
    .insert(settingsVersions)
    .values({ projectId: project.id, version: project.settingsVersion, settings, createdBy });
}

export function settingsOf(project: Pick<ProjectRow, (typeof settingNames)[number]>): ProjectSettings {
  return Object.fromEntries(settingNames.map((name) => [name, project[name]]));
}

/** Versions with the names of their authors, newest first. */
export async function settingsVersionsBefore(
  db: Database,
  projectId: string,
  before: number | undefined,
  limit: number,
): Promise<{ version: number; settings: ProjectSettings; createdAt: Date; author: string | null }[]> {
  return db
    .select({
      version: settingsVersions.version,
      settings: settingsVersions.settings,
      createdAt: settingsVersions.createdAt,
      author: users.name,
    })
    .from(settingsVersions)
    .leftJoin(users, eq(users.id, settingsVersions.createdBy))
    .where(
      and(
        eq(settingsVersions.projectId, projectId),
        before === undefined ? undefined : lt(settingsVersions.version, before),
      ),
    )
    .orderBy(desc(settingsVersions.version))
    .limit(limit);
}
