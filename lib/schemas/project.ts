/** Schemas of answers about projects. */
import { nextSchema } from './cursor';
import '@/trainer/contract/without-compiling';
import * as z from 'zod';
import { countSchema } from '@/trainer/contract/numbers';
import { roleSchema } from './account';
import { countings } from './annotator-kinds';
import { timeSchema } from './answer-fields';
import { assignmentOrders } from './assignment-rules';
import { modelNamePolicies } from './model-names';
import { memberSchema } from './people';
import { issueTagSchema } from './remarks';
import { strategySchema } from './strategy';
import { textFormats } from './text-format';
import { tierPalette } from './tier-rules';

/** See the column of this name in drizzle/schema/projects.ts. */
export type ProjectState = 'active' | 'archived' | 'copying' | 'deleting';

export const projectSchema = z.strictObject({
  id: z.uuid(),
  name: z.string(),
  description: z.string(),
  /** The body of the current guidelines. */
  guidelines: z.string(),
  /** A change of settings has to name the version that it started from. */
  settingsVersion: countSchema,
  /** Names, index 0 = best. */
  tiers: z.array(z.string()),
  /** The version of the tiers' names, which an annotation has to name. */
  tiersVersion: countSchema,
  /** One colour per tier, or empty; see `tierRamp`. */
  tierColors: z.array(z.enum(['ramp', ...tierPalette])),
  /** All tags, including retired ones; `offeredTags` filters those out. */
  issueTags: z.array(issueTagSchema),
  /** Only researchers get this and `goldEvery`; for others they are 0. */
  goldWarmUp: countSchema,
  goldEvery: countSchema,
  hideSelfNames: z.boolean(),
  modelNames: z.enum(modelNamePolicies),
  textFormat: z.enum(textFormats),
  /** Beside those that are always known. */
  thinkingTags: z.array(z.string()),
  /**
   * How prompts are given out: see UpdateProjectRequest. Only researchers get these; for others they are those of a new
   * project.
   */
  overlap: countSchema.nullable(),
  overlapSample: countSchema.nullable(),
  overlapSamplePercent: countSchema,
  overlapMinimum: countSchema.nullable(),
  closingCertainty: countSchema,
  assignmentOrder: z.enum(assignmentOrders),
  leaseMinutes: countSchema,
  promptLimit: countSchema.nullable(),
  /** For what the judgements of imported annotators count, and of those that are models. Only researchers get these. */
  importedCountIn: z.enum(countings),
  modelsCountIn: z.enum(countings),
  /** Whether a reviewer's decision stands for a prompt's consensus. */
  decisionsSettle: z.boolean(),
  /** Only researchers get these two. */
  snapshotStrategy: strategySchema,
  labelPattern: z.string().nullable(),
  /** The rule by which snapshots merge annotators: see UpdateProjectRequest. */
  consensusQuorum: countSchema.nullable(),
  consensusMaxAgainst: countSchema,
  isDemo: z.boolean(),
  /** Everybody reads, nobody writes. */
  isArchived: z.boolean(),
  createdAt: timeSchema,
  updatedAt: timeSchema,
});
export type Project = z.infer<typeof projectSchema>;
export const changedProjectSchema = z.strictObject({ project: projectSchema });
export type ChangedProject = z.infer<typeof changedProjectSchema>;

export const projectCountsSchema = z.strictObject({
  prompts: countSchema,
  responses: countSchema,
  /** The number of all versions; for an annotator, the number of prompts that he or she has finished. */
  annotations: countSchema,
  annotators: countSchema,
  snapshots: countSchema,
  runs: countSchema,
});
export type ProjectCounts = z.infer<typeof projectCountsSchema>;

/** GET /api/projects/:id; `role` is the reader's role in this project. */
export const projectAnswerSchema = z.strictObject({
  project: projectSchema,
  /** Annotators get only the numbers of prompts and of their own annotations. */
  counts: projectCountsSchema.partial({ responses: true, annotators: true, snapshots: true, runs: true }),
  /** Empty for annotators. */
  members: z.array(memberSchema),
  /** How many of the reader's own answers were sent back and wait. */
  sentBack: countSchema,
  role: roleSchema,
});
export type ProjectAnswer = z.infer<typeof projectAnswerSchema>;

export const projectSummarySchema = z.strictObject({
  id: z.uuid(),
  name: z.string(),
  description: z.string(),
  isDemo: z.boolean(),
  isArchived: z.boolean(),
  role: roleSchema,
  /** For an annotator, `annotations` counts only his or her own. */
  counts: projectCountsSchema.pick({ prompts: true, annotations: true }),
});
export type ProjectSummary = z.infer<typeof projectSummarySchema>;
/** Newest first. */
export const projectsAnswerSchema = z.strictObject({ projects: z.array(projectSummarySchema), next: nextSchema });
export type ProjectsAnswer = z.infer<typeof projectsAnswerSchema>;

export const loadedDemoSchema = z.strictObject({ projectIds: z.array(z.uuid()) });
export type LoadedDemo = z.infer<typeof loadedDemoSchema>;
