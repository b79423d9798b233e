/** What a training will take of the device's memory, known before it starts. */
import { type Backend, OutOfMemoryError, tensorBytes } from '../backends/backend';
import { adapterShapes } from '../model/adapter';
import type { AdapterConfig } from '../model/adapter-config';
import type { ModelConfig } from '../model/config';
import type { Model } from '../model/model';
import { elementCount, parameterShapes, type Shapes } from '../model/parameters';
import { type WorkspaceNeed, workspaceBytes } from '../model/workspace';
import { inEnglish, type Told, told } from '../told';

/** Bytes. */
export interface MemoryEstimate {
  /** The model's, and an adapter's. */
  readonly weights: number;
  readonly gradients: number;
  /** Both moments. */
  readonly optimizer: number;
  /** What forward and backward pass over the largest block keep and work in. */
  readonly activations: number;
  readonly total: number;
}

export interface MemoryPlan {
  readonly estimate: MemoryEstimate;
  /** Whether activations are computed twice, because they do not fit otherwise. The result is the same, bit by bit. */
  readonly recompute: boolean;
}

function bytesOf(shapes: Shapes, { halfMatrices = false } = {}): number {
  let bytes = 0;
  for (const shape of shapes.values()) {
    const dtype = halfMatrices && shape.length === 2 ? 'f16' : 'f32';
    bytes += tensorBytes({ length: elementCount(shape), dtype });
  }
  return bytes;
}

/** What a model's frozen weights take where matrices are held in 16 bits: see `uploadAll`. */
export const halfWeightBytes = (config: ModelConfig): number =>
  bytesOf(parameterShapes(config), { halfMatrices: true });

/**
 * `need`: the largest block. `frozenBytes`: what the weights under an adapter take, where they are not f32. Tensors
 * only: what an allocator loses between them is not in it.
 */
export function estimateMemory(
  config: ModelConfig,
  adapter: AdapterConfig | null,
  need: Omit<WorkspaceNeed, 'backward'>,
  frozenBytes = bytesOf(parameterShapes(config)),
): MemoryEstimate {
  const frozen = adapter ? frozenBytes : 0;
  const shapes = adapter ? adapterShapes(config, adapter) : parameterShapes(config);
  const trained = bytesOf(shapes);
  const weights = frozen + trained;
  const optimizer = 2 * trained + 4 * shapes.size;
  const activations = workspaceBytes(config, { ...need, backward: true }, adapter);
  return {
    weights,
    gradients: trained,
    optimizer,
    activations,
    total: weights + trained + optimizer + activations,
  };
}

/**
 * How to fit a training of the model into what its backend has left: as it is, else recomputing activations. Room that
 * the model's workspace holds counts as free. Throws OutOfMemoryError with the numbers when neither fits.
 */
export function planMemory(
  model: Pick<Model, 'config' | 'adapter' | 'backend' | 'workspace' | 'parameters'>,
  need: Omit<WorkspaceNeed, 'backward' | 'recompute'>,
): MemoryPlan {
  const { config, adapter, backend, workspace, parameters } = model;
  workspace.release();
  const held = [...parameters.values()].reduce((bytes, tensor) => bytes + tensorBytes(tensor), 0);
  const plans = [false, true].map((recompute) => ({
    recompute,
    estimate: estimateMemory(config, adapter?.config ?? null, { ...need, recompute }, held),
  }));
  const free = freeBytes(backend);
  const plan = plans.find(({ estimate }) => estimate.total - estimate.weights <= free);
  if (plan) return plan;
  const { estimate } = plans[1]!;
  throw new OutOfMemoryError(
    told('trainingTooLargeHere', {
      needed: mebibytes(estimate.total),
      parts: memoryParts(estimate),
      limit: mebibytes(free + estimate.weights),
      help: told(adapter ? 'helpWithAdapter' : 'helpWithoutAdapter'),
    }),
  );
}

function freeBytes({ bytesLimit, bytesInUse }: Backend): number {
  return bytesLimit === undefined ? Number.POSITIVE_INFINITY : bytesLimit - bytesInUse;
}

/** "weights 12.0 MiB, gradients ..." */
export function memoryParts({ weights, gradients, optimizer, activations }: MemoryEstimate): Told {
  return told('memoryParts', {
    weights: mebibytes(weights),
    gradients: mebibytes(gradients),
    optimizer: mebibytes(optimizer),
    activations: mebibytes(activations),
  });
}

export const describeMemory = (estimate: MemoryEstimate): string => inEnglish(memoryParts(estimate));

export function mebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}
