import '@/trainer/contract/without-compiling';
import * as z from 'zod';
import { timeSchema } from './answer-fields';
import { issueKey } from './issue';

export const modelSummarySchema = z.strictObject({
  /** 'demo' for the bundled model, else a uuid. */
  id: z.string(),
  name: z.string(),
  kind: z.enum(['bundled', 'run', 'added']),
  runId: z.uuid().nullable(),
  parameters: z.int().min(0),
  createdAt: timeSchema,
});
export type ModelSummary = z.infer<typeof modelSummarySchema>;
export const modelAnswerSchema = z.strictObject({ model: modelSummarySchema });
export const modelsAnswerSchema = z.strictObject({ models: z.array(modelSummarySchema) });
export type ModelsAnswer = z.infer<typeof modelsAnswerSchema>;

/** GET /api/models/:id: the files that a worker needs to load the model. */
export const modelManifestSchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  /** Read at /api/models/:id/files/:name. */
  files: z.array(z.strictObject({ name: z.string(), bytes: z.int().min(0) })),
  /** The number of adapters to merge into the model, in order; see `adapterFilesAt`. */
  adapters: z.int().min(0),
  /** The hub's address of a model that each browser downloads; its files are not among `files`. */
  hub: z.string().nullable(),
});
export type ModelManifest = z.infer<typeof modelManifestSchema>;

/** The names in a manifest of the files of its n-th adapter, from 0. */
export function adapterFilesAt(n: number): { config: string; weights: string } {
  return { config: `adapter-${n}.config.json`, weights: `adapter-${n}.safetensors` };
}

const modelSourceSchema = z.enum(['folder', 'server', 'hub']);
export type ModelSource = z.infer<typeof modelSourceSchema>;

/** A model that an administrator added, or is adding. */
export const addedModelSchema = z.strictObject({
  id: z.uuid(),
  name: z.string(),
  source: modelSourceSchema,
  /** The folder's name, its path in the server's folder, or the hub's address. */
  address: z.string(),
  bytes: z.int().min(0),
  /** How many of `bytes` have arrived: fewer while an upload is incomplete. */
  storedBytes: z.int().min(0),
  /** Null until it is complete and checked. */
  parameters: z.int().min(0).nullable(),
  /** Runs that started from it. */
  runs: z.int().min(0),
  createdAt: timeSchema,
});
export type AddedModel = z.infer<typeof addedModelSchema>;

/** GET /api/models/added */
export const addedModelsSchema = z.strictObject({
  models: z.array(addedModelSchema),
  /** Folders with a model in the server's MODELS_DIR; null where that is not set. */
  serverFolders: z.array(z.string()).nullable(),
  /** The origin that addresses of hub models must have. */
  hubOrigin: z.string(),
});
export type AddedModels = z.infer<typeof addedModelsSchema>;

export const MAX_MODEL_FILES = 200;
const GIB = 2 ** 30;
export const MAX_MODEL_FILE_BYTES = 64 * GIB;

/** One path segment that does not start with a dot. */
export const modelFileNameSchema = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/, issueKey('fileName'));
const modelNameSchema = z.string().trim().min(1, issueKey('isNeeded')).max(100);
const fileSchema = z.strictObject({
  name: modelFileNameSchema,
  bytes: z.int().min(0).max(MAX_MODEL_FILE_BYTES),
});
const distinct = (files: readonly { name: string }[]) => new Set(files.map(({ name }) => name)).size === files.length;

export const uploadModelRequestSchema = z.strictObject({
  name: modelNameSchema,
  folder: z.string().min(1).max(300),
  files: z
    .array(fileSchema.extend({ modified: z.int().min(0) }))
    .min(1)
    .max(MAX_MODEL_FILES)
    .refine(distinct, issueKey('nameTwice')),
});
export type UploadModelRequest = z.infer<typeof uploadModelRequestSchema>;

/** The answer to the start of an upload: the files that are missing; others need not be sent again. */
export const uploadPlanSchema = z.strictObject({ id: z.uuid(), missing: z.array(z.string()) });
export type UploadPlan = z.infer<typeof uploadPlanSchema>;
/** Answer to a file of an upload. */
export const missingFilesSchema = uploadPlanSchema.pick({ missing: true });

export const serverModelRequestSchema = z.strictObject({ name: modelNameSchema, folder: z.string().min(1).max(500) });
export type ServerModelRequest = z.infer<typeof serverModelRequestSchema>;

export const hubModelRequestSchema = z.strictObject({
  name: modelNameSchema,
  /** Pinned to its commit. */
  address: z.url().max(500),
  /** The model's config.json. */
  config: z.record(z.string(), z.unknown()),
  files: z.array(fileSchema).min(1).max(MAX_MODEL_FILES).refine(distinct, issueKey('nameTwice')),
});
export type HubModelRequest = z.infer<typeof hubModelRequestSchema>;
