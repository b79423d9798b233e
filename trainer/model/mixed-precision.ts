/**
 * Training in mixed precision: f16 for the activations that are kept and for the matrices that products read, f32 for
 * the weights that are trained, the residual stream, gradients, moments and all sums. Half the memory of activations,
 * and half the traffic of weights; gradients need no scaling, for they are never f16.
 */
import type { Backend, Tensor } from '../backends/backend';
import type { ModelConfig } from './config';
import type { Model } from './model';
import { freeAll, matrixShapes } from './parameters';
import { Workspace } from './workspace';

/** Rows come in fours, those of half a head too: what f16 tensors need. */
export function allowsMixedPrecision({ dim, hiddenDim, headDim }: ModelConfig): boolean {
  return dim % 4 === 0 && hiddenDim % 4 === 0 && headDim % 8 === 0;
}

export interface MixedPrecision {
  /** For forward and backward pass: matrices that are trained are f16 copies, and so are kept activations. */
  readonly passes: Model;
  /** Rounds the trained weights into their copies: after every change of them. */
  refresh(): void;
  /** Frees the copies and the activations; the model stays. */
  dispose(): void;
}

/**
 * Only where the config allows it and the backend has `allocHalf`. Frozen weights under an adapter stay as they are.
 * Throws OutOfMemoryError; then nothing stays allocated.
 */
export function mixedPrecision(model: Model): MixedPrecision {
  const { backend, config, adapter } = model;
  const copies = adapter ? new Map<string, Tensor>() : copiesOf(backend, model);
  const workspace = new Workspace(backend, config, adapter?.config ?? null, true);
  const refresh = () => {
    for (const [name, copy] of copies) backend.copy(copy, model.parameters.get(name)!);
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
  const copies = new Map<string, Tensor>();
  try {
    for (const name of matrixShapes(config).keys()) {
      copies.set(name, backend.allocHalf!(parameters.get(name)!.length));
    }
  } catch (error) {
    freeAll(backend, copies);
    throw error;
  }
  return copies;
}
