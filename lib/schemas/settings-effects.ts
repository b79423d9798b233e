import '@/trainer/contract/without-compiling';
import * as z from 'zod';
import { countSchema } from '@/trainer/contract/numbers';
import { updateProjectSchema } from './account';
import type { SettingName } from './settings';

/** The settings of which it is said beforehand what another value would do. Of tiers, see RenameTiersDialog. */
export const foretoldSettings = [
  'overlap',
  'overlapSample',
  'overlapSamplePercent',
  'overlapMinimum',
  'closingCertainty',
  'importedCountIn',
  'modelsCountIn',
  'leaseMinutes',
  'promptLimit',
  'goldEvery',
  'modelNames',
  'decisionsSettle',
  'consensusQuorum',
  'consensusMaxAgainst',
] as const satisfies readonly SettingName[];
type ForetoldSetting = (typeof foretoldSettings)[number];

const named = Object.fromEntries(foretoldSettings.map((name) => [name, true])) as Record<ForetoldSetting, true>;
export const foretellSettingsSchema = updateProjectSchema.pick(named);
export type ForetoldSettings = z.infer<typeof foretellSettingsSchema>;

const changeSchema = z.strictObject({ before: countSchema, after: countSchema });

/** What changed settings would do to the work that is there. Numbers are 0, and objects null, where they would do nothing. */
export const settingsEffectsSchema = z.strictObject({
  /** Prompts that are done and would be open again, and the other way round. */
  reopened: countSchema,
  closed: countSchema,
  /** Judgements that would be wanted more, or fewer. */
  judgements: z.int(),
  /** Prompts of which it is not known yet how certain they are: some of them would be closed afterwards. */
  uncertain: countSchema,
  /** Places that are held, and keep the time that they have. */
  held: countSchema,
  /** Annotators who would get no more prompts, and who would get some again. */
  stopped: countSchema,
  resumed: countSchema,
  /** Judgements of gold prompts that are left and would come sooner, or later. */
  goldSooner: countSchema,
  goldLater: countSchema,
  /** Answers whose annotators see who wrote the responses. */
  shown: changeSchema.nullable(),
  /** Prompts whose decision would stand for the consensus, or no longer. */
  decisionsInForce: countSchema,
  decisionsLifted: countSchema,
  /** Pairs that the consensus keeps; `after` is null where it was not measured. */
  pairs: z.strictObject({ before: countSchema, after: countSchema.nullable() }).nullable(),
});
export type SettingsEffects = z.infer<typeof settingsEffectsSchema>;
