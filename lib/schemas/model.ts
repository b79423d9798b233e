import '@/trainer/contract/without-compiling';
import * as z from 'zod';
import { issueKey } from './issue';

export interface ModelSummary {
  /** 'demo' for the bundled model, else a uuid. */
  id: string;
  name: string;
  kind: 'bundled' | 'run' | 'added';
  runId: string | null;
  parameters: number;
  createdAt: string;
}

/** GET /api/models/:id: what a worker needs to load it. */
export interface ModelManifest {
  id: string;
  name: string;
  /** Read at /api/models/:id/files/:name. */
  files: { name: string; bytes: number }[];
  /** Adapters that belong on top of the files' model, merged in this order; see `adapterFilesAt`. */
  adapters: number;
  /** The hub's address of a model that each browser downloads; its files are not among `files`. */
  hub: string | null;
}

/** A manifest's names of the files of its n-th adapter, from 0. */
export function adapterFilesAt(n: number): { config: string; weights: string } {
  return { config: `adapter-${n}.config.json`, weights: `adapter-${n}.safetensors` };
}

export type ModelSource = 'folder' | 'server' | 'hub';

/** A model that an administrator added, or is adding. */
export interface AddedModel {
  id: string;
  name: string;
  source: ModelSource;
  /** The folder's name, its path in the server's folder, or the hub's address. */
  address: string;
  bytes: number;
  /** Of `bytes`, how many are there: fewer while an upload is not complete. */
  storedBytes: number;
  /** Null until it is complete and checked. */
  parameters: number | null;
  /** Runs that started from it. */
  runs: number;
  createdAt: string;
}

/** GET /api/models/added */
export interface AddedModels {
  models: AddedModel[];
  /** Folders with a model in the server's MODELS_DIR; null where that is not set. */
  serverFolders: string[] | null;
  /** Where addresses of models must lie. */
  hubOrigin: string;
}

export const MAX_MODEL_FILES = 200;
const GIB = 2 ** 30;
export const MAX_MODEL_FILE_BYTES = 64 * GIB;

/** One path segment, nothing hidden. */
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

/** Answer to an upload's begin: what is there already need not be sent again. */
export interface UploadPlan {
  id: string;
  missing: string[];
}

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
