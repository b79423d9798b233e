/**
 * y = x W^T + b over rows, and its gradients; with an adapter also + s * drop(x) A^T B^T. `module` is Hugging Face's
 * path of the layer, without ".weight".
 */
import type { Epilogue, Tensor } from '../backends/backend';
import { hashString } from '../data/hash-string';
import { type Adapter, adapterName } from './adapter-modules';
import type { Model } from './model';
import type { NamedTensors } from './parameters';
import type { AdapterScratch } from './workspace';

export interface LinearShape {
  readonly rows: number;
  /** Width of x, and of y. */
  readonly inDim: number;
  readonly outDim: number;
}

/** What a pass over rows has at hand. */
export interface LinearPass {
  readonly model: Pick<Model, 'backend' | 'parameters' | 'adapter'>;
  /** Null without an adapter. */
  readonly scratch: AdapterScratch | null;
  /** Which elements dropout drops; null: none, as in inference. Forward and backward must agree. */
  readonly dropoutSeed: number | null;
}

/** out [rows, outDim] = linear(x), and what the epilogue adds. */
export function linearForward(
  pass: LinearPass,
  module: string,
  out: Tensor,
  x: Tensor,
  shape: LinearShape,
  { plus, swiglu }: Omit<Epilogue, 'bias'> = {},
): void {
  const { backend, parameters } = pass.model;
  const { rows, inDim, outDim } = shape;
  const weight = parameters.get(`${module}.weight`)!;
  const bias = parameters.get(`${module}.bias`);
  const lora = loraOf(pass, module);
  backend.matmul('nt', out, x, weight, rows, outDim, inDim, { plus, bias, swiglu: lora ? undefined : swiglu });
  if (!lora) return;
  lowForward(pass, lora, droppedInput(pass, lora, x, rows * inDim), shape);
  backend.matmul('nt', out, lora.low, lora.b, rows, outDim, lora.rank, { plus: out, swiglu });
}

/**
 * dX [rows, inDim] = gradient of x, or += when `accumulate`. Adds to the gradients that are in `gradients`; what is
 * not in there is frozen, and costs nothing.
 */
export function linearBackward(
  pass: LinearPass,
  module: string,
  dX: Tensor,
  dOut: Tensor,
  x: Tensor,
  shape: LinearShape,
  gradients: NamedTensors,
  accumulate = false,
): void {
  const { backend, parameters } = pass.model;
  const { rows, inDim, outDim } = shape;
  backend.matmul(
    'nn',
    dX,
    dOut,
    parameters.get(`${module}.weight`)!,
    rows,
    inDim,
    outDim,
    accumulate ? { plus: dX } : {},
  );
  const dWeight = gradients.get(`${module}.weight`);
  if (dWeight) backend.matmul('tn', dWeight, dOut, x, outDim, inDim, rows, { plus: dWeight });
  const dBias = gradients.get(`${module}.bias`);
  if (dBias) backend.addBiasBackward(dBias, dOut, rows, outDim);
  const lora = loraOf(pass, module);
  if (lora) loraBackward(pass, lora, module, dX, dOut, x, shape, gradients);
}

interface Lora {
  readonly a: Tensor;
  readonly b: Tensor;
  readonly rank: number;
  readonly scale: number;
  readonly low: Tensor;
  /** Null: nothing is dropped. */
  readonly drop: { readonly rate: number; readonly seed: number; readonly wide: Tensor } | null;
}

function loraOf({ model, scratch, dropoutSeed }: LinearPass, module: string): Lora | null {
  const adapter: Adapter | null = model.adapter;
  const adapted = adapter?.modules.get(module);
  if (!adapter || !adapted || !scratch) return null;
  const rate = adapter.config.dropout;
  const drop =
    dropoutSeed === null || rate === 0 ? null : { rate, seed: hashString(module, dropoutSeed), wide: scratch.wide! };
  const a = adapter.parameters.get(adapterName(module, 'A'))!;
  const b = adapter.parameters.get(adapterName(module, 'B'))!;
  return { a, b, ...adapted, low: scratch.low, drop };
}

function droppedInput({ model }: LinearPass, { drop }: Lora, x: Tensor, length: number): Tensor {
  if (!drop) return x;
  model.backend.dropout(drop.wide, x, length, drop.rate, drop.seed);
  return drop.wide;
}

/** low = s * input A^T */
function lowForward({ model }: LinearPass, { a, low, rank, scale }: Lora, input: Tensor, shape: LinearShape): void {
  model.backend.matmul('nt', low, input, a, shape.rows, rank, shape.inDim);
  model.backend.scale(low, scale, shape.rows * rank);
}

/** Nothing of the forward pass was kept: its low-rank half is cheap to do again. */
function loraBackward(
  pass: LinearPass,
  lora: Lora,
  module: string,
  dX: Tensor,
  dOut: Tensor,
  x: Tensor,
  shape: LinearShape,
  gradients: NamedTensors,
): void {
  const { backend } = pass.model;
  const { rows, inDim, outDim } = shape;
  const { a, b, rank, scale, low, drop } = lora;
  const input = droppedInput(pass, lora, x, rows * inDim);
  const dB = gradients.get(adapterName(module, 'B'));
  if (dB) {
    lowForward(pass, lora, input, shape);
    backend.matmul('tn', dB, dOut, low, outDim, rank, rows, { plus: dB });
  }
  // From here on `low` is its own gradient.
  backend.matmul('nn', low, dOut, b, rows, rank, outDim);
  backend.scale(low, scale, rows * rank);
  const dA = gradients.get(adapterName(module, 'A'));
  if (dA) backend.matmul('tn', dA, low, input, rank, inDim, rows, { plus: dA });
  if (drop) {
    backend.matmul('nn', drop.wide, low, a, rows, inDim, rank);
    backend.dropout(dX, drop.wide, rows * inDim, drop.rate, drop.seed, true);
  } else {
    backend.matmul('nn', dX, low, a, rows, inDim, rank, { plus: dX });
  }
}
