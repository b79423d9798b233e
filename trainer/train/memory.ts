/** Estimates the memory of a training, and fits it into what the device has. */
import { type Backend, OutOfMemoryError, tensorBytes } from '../backends/backend';
import { inEnglish } from '../contract/english';
import { type Message, message } from '../contract/message';
import type { MemoryEstimate } from '../contract/run-event';
import type { AdapterConfig } from '../model/adapter-config';
import { adapterShapes } from '../model/adapter-modules';
import type { ModelConfig } from '../model/config';
import type { Model } from '../model/model';
import { elementCount, matrixShapes, type NamedTensors, parameterShapes, type Shapes } from '../model/parameters';
import { type WorkspaceNeed, workspaceBytes } from '../model/workspace';

/** What is cached and what is computed twice to save memory. The result is the same, bit for bit. */
export interface MemoryChoice {
  readonly cacheLogits: boolean;
  /** Compute activations twice. */
  readonly recompute: boolean;
}

export interface MemoryPlan extends MemoryChoice {
  readonly estimate: MemoryEstimate;
}

/** From the fastest to the smallest: a product of the head costs less than the whole forward pass. */
export const MEMORY_CHOICES: readonly MemoryChoice[] = [
  { cacheLogits: true, recompute: false },
  { cacheLogits: false, recompute: false },
  { cacheLogits: true, recompute: true },
  { cacheLogits: false, recompute: true },
];

function bytesOf(shapes: Shapes, { halfMatrices = false } = {}): number {
  let bytes = 0;
  for (const shape of shapes.values()) {
    const dtype = halfMatrices && shape.length === 2 ? 'f16' : 'f32';
    bytes += tensorBytes({ length: elementCount(shape), dtype });
  }
  return bytes;
}

/** Bytes of a model's frozen weights with matrices in 16 bits: see `uploadAll`. */
export const halfWeightBytes = (config: ModelConfig): number =>
  bytesOf(parameterShapes(config), { halfMatrices: true });

export interface Precision {
  /** Bytes of the frozen weights under an adapter, where they are not f32. */
  readonly frozenBytes?: number;
  /** See mixed-precision.ts. */
  readonly mixed?: boolean;
}

/** `need`: the largest block. Counts tensors only, without an allocator's losses. */
export function estimateMemory(
  config: ModelConfig,
  adapter: AdapterConfig | null,
  need: Omit<WorkspaceNeed, 'backward'>,
  { frozenBytes = bytesOf(parameterShapes(config)), mixed = false }: Precision = {},
): MemoryEstimate {
  const shapes = adapter ? adapterShapes(config, adapter) : parameterShapes(config);
  const trained = bytesOf(shapes);
  const weights = trained + (adapter ? frozenBytes : mixed ? bytesOf(matrixShapes(config), { halfMatrices: true }) : 0);
  const optimizer = 2 * trained + 4 * shapes.size;
  // Held-out prompts are scored in f32 even in mixed precision, in buffers of their own.
  const scoring = mixed ? workspaceBytes(config, { ...need, backward: false }, adapter) : 0;
  const activations = workspaceBytes(config, { ...need, backward: true }, adapter, mixed) + scoring;
  return {
    weights,
    gradients: trained,
    optimizer,
    activations,
    total: weights + trained + optimizer + activations,
  };
}

/**
 * Chooses the first of MEMORY_CHOICES that fits into the memory of the model's backend. Memory of the model's own
 * workspace counts as free. Throws OutOfMemoryError with the numbers when none fits.
 */
export function planMemory(
  model: Pick<Model, 'config' | 'adapter' | 'backend' | 'workspace' | 'parameters'>,
  need: Pick<WorkspaceNeed, 'rows' | 'predictions' | 'positions'>,
  mixed = false,
): MemoryPlan {
  const { config, adapter, backend, workspace, parameters } = model;
  workspace.release();
  const frozenBytes = tensorsBytes(parameters);
  const allocatedBytes = frozenBytes + (adapter ? tensorsBytes(adapter.parameters) : 0);
  const plans = MEMORY_CHOICES.map((choice) => ({
    ...choice,
    estimate: estimateMemory(config, adapter?.config ?? null, { ...need, ...choice }, { frozenBytes, mixed }),
  }));
  const free = freeBytes(backend);
  const plan = plans.find(({ estimate }) => estimate.total - allocatedBytes <= free);
  if (plan) return plan;
  const { estimate } = plans.at(-1)!;
  throw new OutOfMemoryError(
    message('trainingTooLargeHere', {
      needed: mebibytes(estimate.total),
      parts: memoryParts(estimate),
      limit: mebibytes(free + allocatedBytes),
      help: message(adapter ? 'helpWithAdapter' : 'helpWithoutAdapter'),
    }),
  );
}

const tensorsBytes = (tensors: NamedTensors): number =>
  [...tensors.values()].reduce((bytes, tensor) => bytes + tensorBytes(tensor), 0);

function freeBytes({ bytesLimit, bytesInUse }: Backend): number {
  return bytesLimit === undefined ? Number.POSITIVE_INFINITY : bytesLimit - bytesInUse;
}

/** For example "weights 12.0 MiB, gradients ...". */
export function memoryParts({ weights, gradients, optimizer, activations }: MemoryEstimate): Message {
  return message('memoryParts', {
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
