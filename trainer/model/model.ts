/** A model on a backend: config, parameters, room for activations, and its tokenizer where it has one. */
import type { Backend } from '../backends/backend';
import { parseSafetensors, serializeSafetensors } from '../io/safetensors';
import { checkTokenizerFitsModel, loadTokenizer, type Tokenizer } from '../tokenizer/tokenizer';
import type { Adapter } from './adapter';
import { type ModelConfig, parseModelConfig, serializeModelConfig } from './config';
import {
  checkWeights,
  freeAll,
  initialWeights,
  type NamedArrays,
  type NamedTensors,
  parameterShapes,
  readAll,
  uploadAll,
} from './parameters';
import { Workspace } from './workspace';

export interface Model {
  readonly config: ModelConfig;
  readonly backend: Backend;
  readonly parameters: NamedTensors;
  /** Where there is one, the parameters are frozen, and training changes it alone. */
  readonly adapter: Adapter | null;
  readonly workspace: Workspace;
  readonly tokenizer: Tokenizer | null;
  /** Frees the parameters and activations; the backend stays. */
  dispose(): void;
}

/** The files of a Hugging Face model folder: parsed JSON and the bytes of model.safetensors. */
export interface ModelFiles {
  readonly config: unknown;
  readonly weights: Uint8Array;
  readonly tokenizer?: unknown;
  readonly tokenizerConfig?: unknown;
}

export interface CreateModelOptions {
  readonly config: ModelConfig;
  readonly weights: NamedArrays;
  readonly backend: Backend;
  readonly tokenizer?: Tokenizer | null;
}

/** Puts weights on a backend. Throws WeightsError, OutOfMemoryError; then nothing stays allocated. */
export function createModel({ config, weights, backend, tokenizer = null }: CreateModelOptions): Model {
  checkWeights(config, weights);
  if (tokenizer) checkTokenizerFitsModel(tokenizer, config.vocabSize);
  const parameters = uploadAll(backend, parameterShapes(config), weights);
  const workspace = new Workspace(backend, config);
  return {
    config,
    backend,
    parameters,
    adapter: null,
    workspace,
    tokenizer,
    dispose() {
      workspace.release();
      freeAll(backend, parameters);
    },
  };
}

/** A model with seeded random weights, to be trained from scratch. */
export function createRandomModel(
  config: ModelConfig,
  { backend, seed, tokenizer }: { backend: Backend; seed: number; tokenizer?: Tokenizer | null },
): Model {
  return createModel({ config, weights: initialWeights(config, seed), backend, tokenizer });
}

/**
 * Reads a model's files onto a backend.
 * Throws ModelConfigError, WeightsError, SafetensorsError, TokenizerError, OutOfMemoryError.
 */
export async function loadModel(files: ModelFiles, backend: Backend): Promise<Model> {
  const config = parseModelConfig(files.config);
  const tokenizer = files.tokenizer == null ? null : loadTokenizer(files.tokenizer, files.tokenizerConfig);
  return createModel({ config, weights: parseSafetensors(files.weights), backend, tokenizer });
}

/** config.json and model.safetensors of the model as it stands, for saving. An adapter must be merged first. */
export async function exportModel(
  model: Model,
): Promise<{ config: Record<string, unknown>; weights: Uint8Array<ArrayBuffer> }> {
  if (model.adapter) throw new Error('the model has an adapter: merge it first, or export the adapter');
  const arrays = await readAll(model.backend, parameterShapes(model.config), model.parameters);
  return {
    config: serializeModelConfig(model.config),
    weights: serializeSafetensors(arrays, { metadata: { format: 'pt' } }),
  };
}
