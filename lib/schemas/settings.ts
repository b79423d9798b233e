/** A project's settings and their versions. Whatever a change of settings can name is a setting. */
import { cursorOf, nextSchema } from './cursor';
import '@/trainer/contract/without-compiling';
import * as z from 'zod';
import { countSchema, MAX_INTEGER } from '@/trainer/contract/numbers';
import { updateProjectSchema } from './account';
import { timeSchema } from './answer-fields';
import { projectSchema } from './project';

const { baseVersion: _, renameJudgedTiers: __, ...settable } = updateProjectSchema.shape;
export type SettingName = keyof typeof settable;
export const settingNames = Object.keys(settable) as SettingName[];

const all = Object.fromEntries(settingNames.map((name) => [name, true])) as Record<SettingName, true>;
/** Settings that came later are missing in older versions. */
const projectSettingsSchema = projectSchema.pick(all).partial();
export type ProjectSettings = z.infer<typeof projectSettingsSchema>;

export const settingsVersionSchema = z.strictObject({
  version: countSchema,
  createdAt: timeSchema,
  /** The name of whoever made this version; null when nobody knows any more. */
  author: z.string().nullable(),
  settings: projectSettingsSchema,
  /** The settings of the version before; null for the first one that is known. */
  previous: projectSettingsSchema.nullable(),
});
export type SettingsVersion = z.infer<typeof settingsVersionSchema>;

/** Newest first. */
export const settingsHistorySchema = z.strictObject({
  versions: z.array(settingsVersionSchema),
  next: nextSchema,
});
export type SettingsHistory = z.infer<typeof settingsHistorySchema>;

/** Where a page ends: a version. */
export const settingsHistoryCursor = cursorOf(z.int().min(1).max(MAX_INTEGER));
export const settingsHistoryQuerySchema = z.object({ after: settingsHistoryCursor.after });
