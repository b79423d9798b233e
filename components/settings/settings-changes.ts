import type { Project } from '@/lib/schemas/project';
import type { ProjectSettings, SettingName } from '@/lib/schemas/settings';

export type SettingsChanges = ProjectSettings & { renameJudgedTiers?: boolean };

/** Whether somebody else has changed any of the settings that are about to be changed. */
export function hasConflict(seen: Project, current: Project, changes: SettingsChanges): boolean {
  const touched = Object.keys(changes).filter((key): key is SettingName => key in current);
  return touched.some((key) => JSON.stringify(seen[key]) !== JSON.stringify(current[key]));
}

/** The tiers whose names change, numbered from 1. */
export function renamedTiers(
  before: readonly string[],
  after: readonly string[],
): { number: number; from: string; to: string }[] {
  return before.flatMap((from, at) => {
    const to = after[at] ?? '';
    return to === from ? [] : [{ number: at + 1, from, to }];
  });
}
