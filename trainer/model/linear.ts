/** y = x W^T + b over rows, and its gradients. `module` is Hugging Face's path of the layer, without ".weight". */
import type { Tensor } from '../backends/backend';
import type { Model } from './model';
import type { NamedTensors } from './parameters';

export interface LinearShape {
  readonly rows: number;
  /** Width of x, and of y. */
  readonly inDim: number;
  readonly outDim: number;
}

/** out [rows, outDim] = linear(x), or += when `accumulate`. */
export function linearForward(
  { backend, parameters }: Pick<Model, 'backend' | 'parameters'>,
  module: string,
  out: Tensor,
  x: Tensor,
  { rows, inDim, outDim }: LinearShape,
  accumulate = false,
): void {
  backend.matmul('nt', out, x, parameters.get(`${module}.weight`)!, rows, outDim, inDim, accumulate);
  const bias = parameters.get(`${module}.bias`);
  if (bias) backend.addBias(out, bias, rows, outDim);
}

/**
 * dX [rows, inDim] = gradient of x, or += when `accumulate`. Adds to the gradients that are in `gradients`; what is
 * not in there is frozen, and costs nothing.
 */
export function linearBackward(
  { backend, parameters }: Pick<Model, 'backend' | 'parameters'>,
  module: string,
  dX: Tensor,
  dOut: Tensor,
  x: Tensor,
  { rows, inDim, outDim }: LinearShape,
  gradients: NamedTensors,
  accumulate = false,
): void {
  backend.matmul('nn', dX, dOut, parameters.get(`${module}.weight`)!, rows, inDim, outDim, accumulate);
  const dWeight = gradients.get(`${module}.weight`);
  if (dWeight) backend.matmul('tn', dWeight, dOut, x, outDim, inDim, rows, true);
  const dBias = gradients.get(`${module}.bias`);
  if (dBias) backend.addBiasBackward(dBias, dOut, rows, outDim);
}
