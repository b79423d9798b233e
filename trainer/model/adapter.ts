/**
 * LoRA: beside a frozen linear layer y = x W^T stands s * drop(x) A^T B^T with A [rank, in] and B [out, rank]; A and B
 * are all that is trained. B starts at zero, so a new adapter changes nothing. Names and layout are PEFT's.
 */
import type { Backend, Tensor } from '../backends/backend';
import { message } from '../contract/message';
import { seededRandom } from '../data/seeded-random';
import { parseSafetensors, type SerializeOptions, serializeSafetensors } from '../io/safetensors';
import { type AdapterConfig, parseAdapterConfig, serializeAdapterConfig } from './adapter-config';
import { adaptedModules, adapterName, adapterShapes } from './adapter-modules';
import type { ModelConfig } from './config';
import type { Model } from './model';
import {
  checkTensors,
  elementCount,
  freeAll,
  type NamedArrays,
  type NamedTensors,
  naming,
  parameterShapes,
  readAll,
  type Shapes,
  uploadAll,
  WeightsError,
} from './parameters';
import { Workspace } from './workspace';

/** A new adapter, initialised as PEFT does: A uniform in +-1/sqrt(in), B zero. */
export function initialAdapter(config: ModelConfig, adapter: AdapterConfig, seed: number): NamedArrays {
  const random = seededRandom(seed);
  const arrays = new Map<string, { shape: readonly number[]; data: Float32Array }>();
  for (const [name, shape] of adapterShapes(config, adapter)) {
    const data = new Float32Array(elementCount(shape));
    const bound = 1 / Math.sqrt(shape[1]!);
    if (name.endsWith('.lora_A.weight')) for (let i = 0; i < data.length; i++) data[i] = (2 * random() - 1) * bound;
    arrays.set(name, { shape, data });
  }
  return arrays;
}

/**
 * Attaches an adapter. From then on the returned model must be disposed of instead. Throws WeightsError unless the
 * weights match the config exactly, or OutOfMemoryError; then the model is unchanged.
 */
export function attachAdapter(model: Model, config: AdapterConfig, weights: NamedArrays): Model {
  if (model.adapter) throw new Error('the model has an adapter already: merge it first');
  const shapes = adapterShapes(model.config, config);
  checkTensors(shapes, weights, 'adapter_config.json');
  const parameters = uploadAll(model.backend, shapes, weights);
  model.workspace.release();
  const workspace = new Workspace(model.backend, model.config, config);
  return {
    ...model,
    adapter: { config, modules: adaptedModules(model.config, config), parameters },
    workspace,
    dispose() {
      workspace.release();
      freeAll(model.backend, parameters);
      model.dispose();
    },
  };
}

/** adapter_config.json's content and the bytes of adapter_model.safetensors. */
export interface AdapterFiles {
  readonly config: unknown;
  readonly weights: Uint8Array;
  /** See ModelFiles. */
  readonly weightsPath?: string;
}

/** `attachAdapter` of files. Throws AdapterConfigError, ModelFilesError, SafetensorsError, WeightsError, OutOfMemoryError. */
export function loadAdapter(model: Model, files: AdapterFiles): Model {
  const config = parseAdapterConfig(files.config);
  return naming(files.weightsPath, () =>
    attachAdapter(model, config, withoutAdapterName(parseSafetensors(files.weights))),
  );
}

/** A model that was saved from memory has the adapter's name in its tensors' names: "...lora_A.default.weight". */
function withoutAdapterName(weights: NamedArrays): NamedArrays {
  const renamed = new Map(
    [...weights].map(([name, array]) => [name.replace(/(\.lora_[AB])\.[^.]+\.weight$/, '$1.weight'), array]),
  );
  if (renamed.size === weights.size) return renamed;
  throw new WeightsError(message('severalAdapters'));
}

/** The model's adapter as PEFT's files. */
export async function exportAdapter(
  model: Model,
  { dtype }: Pick<SerializeOptions, 'dtype'> = {},
): Promise<{ config: Record<string, unknown>; weights: Uint8Array<ArrayBuffer> }> {
  if (!model.adapter) throw new Error('the model has no adapter');
  const { config, parameters } = model.adapter;
  const arrays = await readAll(model.backend, adapterShapes(model.config, config), parameters);
  return {
    config: serializeAdapterConfig(config),
    weights: serializeSafetensors(arrays, { dtype, metadata: { format: 'pt' } }),
  };
}

/** Adds s * B A to the frozen weights, in place, and returns the model without the adapter: it computes the same. */
export function mergeAdapter(model: Model): Model {
  const { backend, adapter, parameters } = model;
  if (!adapter) throw new Error('the model has no adapter to merge');
  const shapes = parameterShapes(model.config);
  for (const [module, { rank, scale }] of adapter.modules) {
    const [outDim, inDim] = shapes.get(`${module}.weight`) as [number, number];
    const scaled = scaledCopy(backend, adapter.parameters.get(adapterName(module, 'B'))!, scale);
    const weight = parameters.get(`${module}.weight`)!;
    const a = adapter.parameters.get(adapterName(module, 'A'))!;
    backend.matmul({
      form: 'nn',
      out: weight,
      a: scaled,
      b: a,
      rows: outDim,
      columns: inDim,
      inner: rank,
      plus: weight,
    });
    backend.free(scaled);
  }
  model.workspace.release();
  freeAll(backend, adapter.parameters);
  const workspace = new Workspace(backend, model.config);
  return {
    ...model,
    adapter: null,
    workspace,
    dispose() {
      workspace.release();
      freeAll(backend, parameters);
    },
  };
}

function scaledCopy(backend: Backend, x: Tensor, factor: number): Tensor {
  const copy = backend.alloc(x.length);
  backend.copy(copy, x);
  backend.scale(copy, factor, copy.length);
  return copy;
}

/** The trained tensors: the adapter's where there is one, else all parameters. */
export function trainable(model: Pick<Model, 'config' | 'adapter' | 'parameters'>): {
  readonly shapes: Shapes;
  readonly tensors: NamedTensors;
} {
  const { config, adapter, parameters } = model;
  return adapter
    ? { shapes: adapterShapes(config, adapter.config), tensors: adapter.parameters }
    : { shapes: parameterShapes(config), tensors: parameters };
}

/** The number of parameters that a training of the model changes. */
export function trainedParameterCount(model: Pick<Model, 'config' | 'adapter' | 'parameters'>): number {
  return [...trainable(model).shapes.values()].reduce((sum, shape) => sum + elementCount(shape), 0);
}
