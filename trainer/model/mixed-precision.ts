/**
 * Training in mixed precision: f16 for saved activations and for the matrices that products read, f32 for the trained
 * weights, the residual stream, gradients, moments and all sums. This halves the memory of activations and the traffic
 * of weights; gradients need no scaling, for they are never f16.
 */
import type { Backend, Tensor } from '../backends/backend';
import type { ModelConfig } from './config';
import type { Model } from './model';
import { allocateLike, freeAll, matrixShapes, wholesOf } from './parameters';
import { Workspace } from './workspace';

/** f16 tensors need rows of a multiple of 4 values, and so does half a head for the rotation. */
export function allowsMixedPrecision({ dim, hiddenDim, headDim }: ModelConfig): boolean {
  return dim % 4 === 0 && hiddenDim % 4 === 0 && headDim % 8 === 0;
}

export interface MixedPrecision {
  /** The model for forward and backward passes: trained matrices are f16 copies, and saved activations are f16. */
  readonly passes: Model;
  /** Rounds the trained weights into their copies; to be called after every update. */
  refresh(): void;
  /** Frees the copies and the activations; the model stays. */
  dispose(): void;
}

/**
 * Requires `allowsMixedPrecision` and a backend with `allocHalf`. Frozen weights under an adapter are not copied.
 * Throws OutOfMemoryError; then nothing stays allocated.
 */
export function mixedPrecision(model: Model): MixedPrecision {
  const { backend, config, adapter } = model;
  const copies = adapter ? new Map<string, Tensor>() : copiesOf(backend, model);
  const workspace = new Workspace(backend, config, adapter?.config ?? null, true);
  const refresh = () => {
    const from = wholesOf(
      backend,
      [...copies.keys()].map((name) => model.parameters.get(name)!),
    );
    for (const [i, copy] of wholesOf(backend, copies.values()).entries()) backend.copy(copy, from[i]!);
  };
  const dispose = () => {
    workspace.release();
    freeAll(backend, copies);
  };
  refresh();
  return {
    passes: { ...model, parameters: new Map([...model.parameters, ...copies]), workspace, dispose },
    refresh,
    dispose,
  };
}

function copiesOf(backend: Backend, { config, parameters }: Model): Map<string, Tensor> {
  const names = [...matrixShapes(config).keys()];
  return allocateLike(backend, new Map(names.map((name) => [name, parameters.get(name)!])), 'f16');
}
