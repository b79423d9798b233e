import { authorizeInProject } from '@/lib/auth/in-project';
import type { Actor } from '@/lib/auth/permissions';
import type { Database } from '@/lib/db/client';
import { settingsVersionsBefore } from '@/lib/db/settings-versions';
import { type SettingsHistory, settingsHistoryCursor } from '@/lib/schemas/settings';

const PAGE = 20;

/** Who has set what, newest first; `before` is the version at which the page before ended. */
export async function listSettingsVersions(
  actor: Actor,
  db: Database,
  projectId: string,
  before?: number,
): Promise<SettingsHistory> {
  await authorizeInProject(db, actor, 'prompts.read', projectId);
  // One more: what the oldest version of the page changed.
  const rows = await settingsVersionsBefore(db, projectId, before, PAGE + 1);
  const versions = rows.slice(0, PAGE).map(({ createdAt, ...row }, at) => ({
    ...row,
    createdAt: createdAt.toISOString(),
    previous: rows[at + 1]?.settings ?? null,
  }));
  return { versions, next: rows.length > PAGE ? settingsHistoryCursor.next(versions.at(-1)!.version) : null };
}
