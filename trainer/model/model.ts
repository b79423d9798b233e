/** A model on a backend: config, parameters, workspace, and its tokenizer where it has one. */
import type { Backend } from '../backends/backend';
import { parseSafetensors, type SerializeOptions, serializeSafetensors } from '../io/safetensors';
import { loadTokenizer } from '../tokenizer/load-tokenizer';
import { checkTokenizerFitsModel, type Tokenizer } from '../tokenizer/tokenizer';
import type { Adapter } from './adapter-modules';
import { type ModelConfig, parseModelConfig, serializeModelConfig } from './config';
import {
  checkWeights,
  freeAll,
  hashArrays,
  initialWeights,
  type NamedArrays,
  type NamedTensors,
  naming,
  parameterShapes,
  readAll,
  uploadAll,
} from './parameters';
import { Workspace } from './workspace';

export interface Model {
  readonly config: ModelConfig;
  readonly backend: Backend;
  readonly parameters: NamedTensors;
  /** The adapter, where there is one: then the parameters are frozen, and training changes the adapter alone. */
  readonly adapter: Adapter | null;
  readonly workspace: Workspace;
  readonly tokenizer: Tokenizer | null;
  /**
   * Hash of the weights as they were read, where they are frozen, since a device may round them. Null: they may change.
   */
  readonly frozenHash: string | null;
  /** Frees the parameters and activations; the backend stays. */
  dispose(): void;
}

/** The files of a Hugging Face model folder: parsed JSON and the bytes of model.safetensors. */
export interface ModelFiles {
  readonly config: unknown;
  /** model.safetensors, whole. */
  readonly weights: Uint8Array;
  /** Path or address of the weights' file, or of their index, for error messages. */
  readonly weightsPath?: string;
  /** tokenizer.json. Null or absent when the folder has none, which suffices for work on token ids. */
  readonly tokenizer?: unknown;
  readonly tokenizerConfig?: unknown;
  /** special_tokens_map.json and generation_config.json, from which the tokens that end a text are read. */
  readonly specialTokensMap?: unknown;
  readonly generationConfig?: unknown;
}

export interface CreateModelOptions {
  readonly config: ModelConfig;
  readonly weights: NamedArrays;
  readonly backend: Backend;
  readonly tokenizer?: Tokenizer | null;
  /** The weights will not change: for scoring, generation, and training an adapter. May halve their memory. */
  readonly frozen?: boolean;
}

/** Puts weights on a backend. Throws WeightsError, OutOfMemoryError; then nothing stays allocated. */
export function createModel(options: CreateModelOptions): Model {
  const { config, weights, backend, tokenizer = null, frozen = false } = options;
  checkWeights(config, weights);
  if (tokenizer) checkTokenizerFitsModel(tokenizer, config.vocabSize);
  const shapes = parameterShapes(config);
  const parameters = uploadAll(backend, shapes, weights, { frozen });
  const arrays = [...shapes.keys()].map((name) => [name, weights.get(name)!.data] as const);
  return assemble({ config, backend, parameters, tokenizer, frozenHash: frozen ? hashArrays(arrays) : null });
}

/**
 * A function of its own, since a closure in createModel would keep the weights on the host alive as long as the model.
 */
function assemble(parts: Pick<Model, 'config' | 'backend' | 'parameters' | 'tokenizer' | 'frozenHash'>): Model {
  const { config, backend, parameters } = parts;
  const workspace = new Workspace(backend, config);
  return {
    ...parts,
    adapter: null,
    workspace,
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
 * Throws ModelConfigError, ModelFilesError, WeightsError, SafetensorsError, TokenizerError, OutOfMemoryError.
 */
export async function loadModel(
  files: ModelFiles,
  backend: Backend,
  { frozen }: Pick<CreateModelOptions, 'frozen'> = {},
): Promise<Model> {
  const config = parseModelConfig(files.config);
  const tokenizer = files.tokenizer == null ? null : loadTokenizer(files.tokenizer, files.tokenizerConfig, files);
  return naming(files.weightsPath, () =>
    createModel({ config, weights: parseSafetensors(files.weights), backend, tokenizer, frozen }),
  );
}

const torchNames = { F32: 'float32', F16: 'float16', BF16: 'bfloat16' } as const;

/**
 * config.json and model.safetensors of the model as it is, in f32 or rounded to `dtype`. An adapter must be merged
 * first. Throws SafetensorsError where a value is out of the dtype's range.
 */
export async function exportModel(
  model: Model,
  { dtype = 'F32' }: Pick<SerializeOptions, 'dtype'> = {},
): Promise<{ config: Record<string, unknown>; weights: Uint8Array<ArrayBuffer> }> {
  if (model.adapter) throw new Error('the model has an adapter: merge it first, or export the adapter');
  const arrays = await readAll(model.backend, parameterShapes(model.config), model.parameters);
  return {
    config: { ...serializeModelConfig(model.config), torch_dtype: torchNames[dtype] },
    weights: serializeSafetensors(arrays, { dtype, metadata: { format: 'pt' } }),
  };
}
