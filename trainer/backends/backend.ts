/**
 * The ops contract: everything the model code may ask of a device.
 *
 * Conventions, held by every backend and checked by contract-suite.ts:
 * - Tensors are flat, row-major f32 (or i32) buffers owned by the backend; shapes travel in the call.
 * - A forward op overwrites its outputs. A backward op overwrites activation gradients (`dX`)
 *   unless its doc says "adds to", and ADDS TO parameter gradients (`dW`), so that accumulation over
 *   micro-batches is the same call again.
 * - Ops are enqueued in order; nothing waits for the device except `read`.
 * - Same inputs, same backend, any thread count: bit-identical outputs (no atomics on values, fixed reduction order).
 * - `rows` counts tokens of a packed block. There is no batch dimension and no padding token:
 *   several sequences lie behind each other and a `SegmentLayout` says who may attend to whom.
 */

import { message } from '../contract/message';
import { TrainerError } from '../trainer-error';

/** A buffer of values. `length` is its element count. Use after `free` is an error. */
export interface Tensor {
  readonly length: number;
  /** 'f16' is for values that need few digits: see `allocHalf`. */
  readonly dtype: 'f32' | 'i32' | 'f16';
}

/** What a tensor's values take; f16 values lie two in a word of four bytes. */
export function tensorBytes({ length, dtype }: Tensor): number {
  return dtype === 'f16' ? 4 * Math.ceil(length / 2) : 4 * length;
}

/**
 * One run of consecutive rows [start, end) of the packed block whose tokens attend causally to each
 * other and to every row of an earlier prefix [prefixStart, prefixEnd) (empty when equal).
 * Naive packing: one segment a sequence, no prefix. Shared prefix: one segment for x, then one for
 * each y_i with x as its prefix. Segments are disjoint, sorted, cover all rows;
 * prefixEnd <= start.
 */
export interface Segment {
  readonly start: number;
  readonly end: number;
  readonly prefixStart: number;
  readonly prefixEnd: number;
  /**
   * The rows are there for others to attend to: a backend may leave their own attention out, and what `out` and
   * `logSumExp` hold there means nothing. For generation; not for a backward pass.
   */
  readonly idle?: true;
}
export type SegmentLayout = readonly Segment[];

export interface AttentionShape {
  readonly rows: number;
  readonly heads: number;
  /** heads is a multiple of kvHeads (grouped-query attention). */
  readonly kvHeads: number;
  readonly headDim: number;
  readonly segments: SegmentLayout;
}

export interface AdamWStep {
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly weightDecay: number;
  /** Optimizer step from 1, for bias correction. */
  readonly step: number;
  /** Factor on the gradient before use: clipping and accumulation averaging in one. */
  readonly gradientScale: number;
}

/** Which operand is transposed in `matmul`; the three a linear layer needs. */
export type MatmulForm =
  /** C[m,n] = A[m,k] · B[n,k]^T : forward with a weight stored [out, in]. */
  | 'nt'
  /** C[m,n] = A[m,k] · B[k,n]   : gradient of the input. */
  | 'nn'
  /** C[m,n] = A[k,m]^T · B[k,n] : gradient of the weight. */
  | 'tn';

/**
 * What happens to a product on its way to C, while it is still in registers: C = op(A) op(B) + plus + bias. With `swiglu`
 * also out = silu(gate) * C, before C is rounded where it holds f16.
 */
export interface Epilogue {
  /** [m, n]; a residual stream, or C itself, which accumulates. */
  readonly plus?: Tensor;
  /** [n], added to every row. */
  readonly bias?: Tensor;
  /** [m, n] each; not C. */
  readonly swiglu?: { readonly out: Tensor; readonly gate: Tensor };
}

export interface Backend {
  readonly name: 'reference' | 'wasm' | 'webgpu';
  /** For people: e.g. "CPU (WebAssembly SIMD, 1 thread)". */
  readonly description: string;

  /** Zero-filled. Throws OutOfMemoryError with numbers when the device cannot hold it. */
  alloc(length: number): Tensor;
  allocInt(length: number): Tensor;
  /**
   * Half the memory, for values that need few digits: frozen weights, copies of trained ones to multiply by, activations
   * that are kept. Absent where a backend has no use for it. What is stored there is rounded to a neighbouring f16, and
   * what f16 does not reach to its largest value; all arithmetic is f32. `write` rounds to the nearest and takes the whole tensor at once.
   * An op takes such a tensor where its doc says "f16", and nowhere else; rows that it writes must then have a multiple of 4 values.
   */
  allocHalf?(length: number): Tensor;
  free(tensor: Tensor): void;
  /** Bytes held by live tensors now; pooled but unused memory not counted. */
  readonly bytesInUse: number;
  /** Most that bytesInUse can become; absent where the device does not say. */
  readonly bytesLimit?: number;
  /** Training is better off with f16 activations here: memory traffic counts, and f16 is at home in the hardware. */
  readonly prefersHalf?: boolean;
  write(tensor: Tensor, values: Float32Array | Int32Array, offset?: number): void;
  read(tensor: Tensor, offset?: number, length?: number): Promise<Float32Array>;
  dispose(): void;
  /**
   * Gets ready for the ops of `record`, which is called once and must not read: where ops have to be compiled, all at
   * once. Tensors keep their f32 values; what `record` writes to i32 tensors is to be written again. Absent where there
   * is nothing to get ready.
   */
  prepare?(record: () => void): Promise<void>;

  fill(x: Tensor, value: number): void;
  /** out = x; f16: out. */
  copy(out: Tensor, x: Tensor): void;
  /** out += x */
  add(out: Tensor, x: Tensor): void;

  /** x *= factor, its first `length` values. */
  scale(x: Tensor, factor: number, length: number): void;
  /**
   * out[i] = x[i] / (1 - rate) where element i is kept, else 0, or += when `accumulate`; `length` values; out may not
   * be x. f16: x. Kept are the elements whose `dropoutHash(seed, i)` is at least rate * 2^32: the same on every backend, so
   * that the backward pass is the same call on the gradient.
   */
  dropout(out: Tensor, x: Tensor, length: number, rate: number, seed: number, accumulate?: boolean): void;

  /** C = op(A) op(B), and what the epilogue adds. f16: A, B, and C, then with the matrices of the epilogue. */
  matmul(form: MatmulForm, c: Tensor, a: Tensor, b: Tensor, m: number, n: number, k: number, epilogue?: Epilogue): void;
  /** dBias[j] += sum_i dOut[i, j] */
  addBiasBackward(dBias: Tensor, dOut: Tensor, rows: number, dim: number): void;

  /** out[i, :] = table[indices[i], :]. Embedding lookup and row selection. f16: table. */
  gatherRows(out: Tensor, table: Tensor, indices: Tensor, rows: number, dim: number): void;
  /** dTable[indices[i], :] += dOut[i, :]; repeated indices add up in row order. */
  scatterAddRows(dTable: Tensor, dOut: Tensor, indices: Tensor, rows: number, dim: number): void;

  /** out = x / rms(x) * weight; inverseRms[i] is kept for backward. f16: out. */
  rmsNorm(out: Tensor, inverseRms: Tensor, x: Tensor, weight: Tensor, rows: number, dim: number, epsilon: number): void;
  /** dX = gradient (overwrites, or adds to when `accumulate`); dWeight adds. dX may not alias dOut. */
  rmsNormBackward(
    dX: Tensor,
    dWeight: Tensor | null,
    dOut: Tensor,
    x: Tensor,
    weight: Tensor,
    inverseRms: Tensor,
    rows: number,
    dim: number,
    accumulate?: boolean,
  ): void;

  /**
   * Rotates x[rows, heads, headDim] in place, Hugging Face's half-split layout (element j with j + headDim/2),
   * angle of row i and pair j = table row positions[i]: cosine[p, j], sine[p, j], each [maxPosition, headDim/2].
   * direction -1 is the inverse rotation, which is also the backward pass. f16: x, headDim then a multiple of 8.
   */
  rope(
    x: Tensor,
    positions: Tensor,
    cosine: Tensor,
    sine: Tensor,
    rows: number,
    heads: number,
    headDim: number,
    direction: 1 | -1,
  ): void;

  /**
   * Softmax attention, scale 1/sqrt(headDim), never stores rows x rows.
   * q, out [rows, heads, headDim]; k, v [rows, kvHeads, headDim]; logSumExp [rows, heads] is kept for backward.
   * f16: q, k, v and out, all of them or none, here and in the backward pass.
   */
  attention(out: Tensor, logSumExp: Tensor, q: Tensor, k: Tensor, v: Tensor, shape: AttentionShape): void;
  attentionBackward(
    dQ: Tensor,
    dK: Tensor,
    dV: Tensor,
    dOut: Tensor,
    out: Tensor,
    logSumExp: Tensor,
    q: Tensor,
    k: Tensor,
    v: Tensor,
    shape: AttentionShape,
  ): void;

  /** Of out = silu(gate) * up, the epilogue's; `length` values each. f16: gate and up, both or neither. */
  swigluBackward(dGate: Tensor, dUp: Tensor, dOut: Tensor, gate: Tensor, up: Tensor, length: number): void;

  /**
   * logProb[i] = log softmax(hidden[i] · head^T)[targets[i]], logSumExp[i] kept for backward.
   * hidden [rows, dim], head [vocab, dim]; never stores rows x vocab, for that grows without bound. f16: head,
   * here and in the backward pass.
   * `kept`: a buffer of any length that the caller can spare. The logits of the first `keptRows` rows may be left there,
   * laid out as the backend likes, so that `logProbBackward` need not make them again: one product of the head's four.
   * A matter of speed alone: no output differs by a bit, and what does not fit is computed twice.
   */
  logProb(
    logProb: Tensor,
    logSumExp: Tensor,
    hidden: Tensor,
    head: Tensor,
    targets: Tensor,
    rows: number,
    dim: number,
    vocab: number,
    kept?: Tensor | null,
  ): void;
  /**
   * For the objective sum_i coefficient[i] * logProb[i]: dHidden overwritten, dHead added to (skipped when null).
   * `kept`: as `logProb` of the same hidden, head, rows, dim and vocab has left it; its content is used up.
   */
  logProbBackward(
    dHidden: Tensor,
    dHead: Tensor | null,
    coefficient: Tensor,
    logSumExp: Tensor,
    hidden: Tensor,
    head: Tensor,
    targets: Tensor,
    rows: number,
    dim: number,
    vocab: number,
    kept?: Tensor | null,
  ): void;

  /** out[offset] = sum of squares of x. */
  sumSquares(out: Tensor, offset: number, x: Tensor): void;
  /** Decoupled weight decay, PyTorch's AdamW update, in place on parameter, m, v. */
  adamW(parameter: Tensor, gradient: Tensor, m: Tensor, v: Tensor, step: AdamWStep): void;
}

/** Elements of `kept` that the logits of one row take: whole vectors of four. */
export function keptRowLength(vocab: number): number {
  return Math.ceil(vocab / 4) * 4;
}

/** How many of `rows` rows `kept` has room for. */
export function keptRows(kept: Tensor | null, rows: number, vocab: number): number {
  return kept && vocab > 0 ? Math.min(rows, Math.floor(kept.length / keptRowLength(vocab))) : 0;
}

/** 32 bits for element i of a dropout: a multiplicative step from the seed, then murmur3's final mix. */
export function dropoutHash(seed: number, i: number): number {
  let hash = (seed + Math.imul(i, 0x9e3779b1)) | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

export class OutOfMemoryError extends TrainerError {
  override readonly name = 'OutOfMemoryError';
}

/** The device is gone: unplugged, reset by its driver, taken away by the system, or ended by this program. */
export class DeviceLostError extends TrainerError {
  override readonly name = 'DeviceLostError';
  constructor(
    /** 'destroyed' when this program ended it: then trying again is pointless. */
    readonly reason: 'destroyed' | 'unknown',
    details: string,
  ) {
    super(message(reason === 'destroyed' ? 'gpuClosed' : 'gpuLost', { detail: details }));
  }
}
