/** Projects as the API answers them. */
import '@/trainer/contract/without-compiling';
import * as z from 'zod';
import { countSchema } from '@/trainer/contract/numbers';
import { roleSchema } from './account';
import { timeSchema } from './answers';
import { memberSchema } from './people';
import { issueTagSchema } from './remarks';
import { textFormats } from './text-format';
import { tierPalette } from './tier-rules';

export const projectSchema = z.strictObject({
  id: z.uuid(),
  name: z.string(),
  description: z.string(),
  /** The body of those in force. */
  guidelines: z.string(),
  /** Named by whoever changes settings. */
  settingsVersion: countSchema,
  /** Names, index 0 = best. */
  tiers: z.array(z.string()),
  /** Which names they have: named by whoever judges. */
  tiersVersion: countSchema,
  /** One a tier, or none: see `tierRamp`. */
  tierColors: z.array(z.enum(['ramp', ...tierPalette])),
  /** Retired ones included: offer `offeredTags` of them. */
  issueTags: z.array(issueTagSchema),
  /** For researchers; else 0. */
  goldWarmUp: countSchema,
  goldEvery: countSchema,
  hideSelfNames: z.boolean(),
  textFormat: z.enum(textFormats),
  isDemo: z.boolean(),
  createdAt: timeSchema,
  updatedAt: timeSchema,
});
export type Project = z.infer<typeof projectSchema>;
export const changedProjectSchema = z.strictObject({ project: projectSchema });
export type ChangedProject = z.infer<typeof changedProjectSchema>;

export const projectCountsSchema = z.strictObject({
  prompts: countSchema,
  responses: countSchema,
  /** Versions, all of them; for an annotator, the prompts that he or she is done with. */
  annotations: countSchema,
  annotators: countSchema,
  snapshots: countSchema,
  runs: countSchema,
});
export type ProjectCounts = z.infer<typeof projectCountsSchema>;

/** GET /api/projects/:id; `role` is what the reader may do here. */
export const projectAnswerSchema = z.strictObject({
  project: projectSchema,
  /** Annotators get only prompts and their own annotations; everybody else all of it. */
  counts: projectCountsSchema.partial({ responses: true, annotators: true, snapshots: true, runs: true }),
  /** Empty for annotators. */
  members: z.array(memberSchema),
  role: roleSchema,
});
export type ProjectAnswer = z.infer<typeof projectAnswerSchema>;

export const projectSummarySchema = z.strictObject({
  id: z.uuid(),
  name: z.string(),
  description: z.string(),
  isDemo: z.boolean(),
  role: roleSchema,
  /** Of `annotations`, an annotator gets the number of his or her own. */
  counts: projectCountsSchema.pick({ prompts: true, annotations: true }),
});
export type ProjectSummary = z.infer<typeof projectSummarySchema>;
export const projectsAnswerSchema = z.strictObject({ projects: z.array(projectSummarySchema) });
export type ProjectsAnswer = z.infer<typeof projectsAnswerSchema>;

export const loadedDemoSchema = z.strictObject({ projectIds: z.array(z.uuid()) });
export type LoadedDemo = z.infer<typeof loadedDemoSchema>;
