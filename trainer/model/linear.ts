/** y = x W^T + b over rows, and its gradients; with an adapter also + s * drop(x) A^T B^T. */
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

/** The state of a pass that linear layers use. */
export interface LinearPass {
  readonly model: Pick<Model, 'backend' | 'parameters' | 'adapter'>;
  /** Null without an adapter. */
  readonly scratch: AdapterScratch | null;
  /** Seed of dropout; null: none, as in inference. Forward and backward pass must use the same. */
  readonly dropoutSeed: number | null;
}

export interface LinearForwardArguments extends LinearShape, Omit<Epilogue, 'bias'> {
  /** Hugging Face's path of the layer, without ".weight". */
  readonly module: string;
  /** [rows, outDim] */
  readonly out: Tensor;
  /** [rows, inDim] */
  readonly x: Tensor;
}

/** out = linear(x), and the epilogue. */
export function linearForward(pass: LinearPass, args: LinearForwardArguments): void {
  const { module, out, x, rows, inDim, outDim, plus, swiglu } = args;
  const { backend, parameters } = pass.model;
  const weight = parameters.get(`${module}.weight`)!;
  const bias = parameters.get(`${module}.bias`);
  const lora = loraOf(pass, module);
  backend.matmul({
    form: 'nt',
    out,
    a: x,
    b: weight,
    rows,
    columns: outDim,
    inner: inDim,
    plus,
    bias,
    swiglu: lora ? undefined : swiglu,
  });
  if (!lora) return;
  lowForward(pass, lora, droppedInput(pass, lora, x, rows * inDim), args);
  backend.matmul({
    form: 'nt',
    out,
    a: lora.low,
    b: lora.b,
    rows,
    columns: outDim,
    inner: lora.rank,
    plus: out,
    swiglu,
  });
}

/** What the forward pass leaves for the backward pass, without the output: for a layer whose output is known. */
export function linearForwardAgain(pass: LinearPass, args: LinearShape & { module: string; x: Tensor }): void {
  const lora = loraOf(pass, args.module);
  if (lora) lowForward(pass, lora, droppedInput(pass, lora, args.x, args.rows * args.inDim), args);
}

export interface LinearBackwardArguments extends LinearShape {
  /** Hugging Face's path of the layer, without ".weight". */
  readonly module: string;
  /** [rows, inDim]: receives the gradient of x. */
  readonly dX: Tensor;
  /** [rows, outDim] */
  readonly dOut: Tensor;
  /** [rows, inDim], as the forward pass had it. */
  readonly x: Tensor;
  /** Added to. A parameter without an entry is frozen, and its gradient is not computed. */
  readonly gradients: NamedTensors;
  /** Add to `dX` instead of overwriting it. Default: false. */
  readonly accumulate?: boolean;
}

/** dX = the gradient of x; adds the gradients of the layer's parameters to `gradients`. */
export function linearBackward(pass: LinearPass, args: LinearBackwardArguments): void {
  const { module, dX, dOut, x, rows, inDim, outDim, gradients, accumulate = false } = args;
  const { backend, parameters } = pass.model;
  backend.matmul({
    form: 'nn',
    out: dX,
    a: dOut,
    b: parameters.get(`${module}.weight`)!,
    rows,
    columns: inDim,
    inner: outDim,
    plus: accumulate ? dX : undefined,
  });
  const dWeight = gradients.get(`${module}.weight`);
  if (dWeight)
    backend.matmul({
      form: 'tn',
      out: dWeight,
      a: dOut,
      b: x,
      rows: outDim,
      columns: inDim,
      inner: rows,
      plus: dWeight,
    });
  const dBias = gradients.get(`${module}.bias`);
  if (dBias) backend.addBiasBackward(dBias, dOut, rows, outDim);
  const lora = loraOf(pass, module);
  if (lora) loraBackward(pass, lora, args);
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
  return { a, b, ...adapted, low: scratch.low.get(module)!, drop };
}

function droppedInput({ model }: LinearPass, { drop }: Lora, x: Tensor, length: number): Tensor {
  if (!drop) return x;
  model.backend.dropout({ out: drop.wide, x, length, rate: drop.rate, seed: drop.seed });
  return drop.wide;
}

/** low = s * input A^T, which stays for the backward pass. */
function lowForward({ model }: LinearPass, { a, low, rank, scale }: Lora, input: Tensor, shape: LinearShape): void {
  const { rows, inDim } = shape;
  model.backend.matmul({ form: 'nt', out: low, a: input, b: a, rows, columns: rank, inner: inDim, scale });
}

/** Adds to dX. */
function loraBackward(pass: LinearPass, lora: Lora, args: LinearBackwardArguments): void {
  const { backend } = pass.model;
  const { module, dX, dOut, x, rows, inDim, outDim, gradients } = args;
  const { a, b, rank, scale, low, drop } = lora;
  const dB = gradients.get(adapterName(module, 'B'));
  if (dB) backend.matmul({ form: 'tn', out: dB, a: dOut, b: low, rows: outDim, columns: rank, inner: rows, plus: dB });
  // From here on `low` holds its own gradient.
  backend.matmul({ form: 'nn', out: low, a: dOut, b, rows, columns: rank, inner: outDim, scale });
  const dA = gradients.get(adapterName(module, 'A'));
  if (dA) {
    const input = droppedInput(pass, lora, x, rows * inDim);
    backend.matmul({ form: 'tn', out: dA, a: low, b: input, rows: rank, columns: inDim, inner: rows, plus: dA });
  }
  if (drop) {
    backend.matmul({ form: 'nn', out: drop.wide, a: low, b: a, rows, columns: inDim, inner: rank });
    backend.dropout({
      out: dX,
      x: drop.wide,
      length: rows * inDim,
      rate: drop.rate,
      seed: drop.seed,
      accumulate: true,
    });
  } else {
    backend.matmul({ form: 'nn', out: dX, a: low, b: a, rows, columns: inDim, inner: rank, plus: dX });
  }
}
