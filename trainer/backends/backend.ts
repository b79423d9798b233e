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
 * - An op with more than five arguments takes an object, whose fields op-arguments.ts describes with their shapes.
 */

import { message } from '../contract/message';
import { TrainerError } from '../trainer-error';
import type {
  AdamWStep,
  AttentionArguments,
  AttentionBackwardArguments,
  DropoutArguments,
  LogProbArguments,
  LogProbBackwardArguments,
  MatmulArguments,
  RmsNormArguments,
  RmsNormBackwardArguments,
  RopeArguments,
  SwigluBackwardArguments,
  Tensor,
} from './op-arguments';

export * from './op-arguments';

export interface Backend {
  readonly name: 'reference' | 'wasm' | 'webgpu';
  /** For people: e.g. "CPU (WebAssembly SIMD, 1 thread)". */
  readonly description: string;

  /** `length` f32 values, zero-filled. Throws OutOfMemoryError with numbers when the device cannot hold it. */
  alloc(length: number): Tensor;
  /** `length` i32 values, otherwise as `alloc`. */
  allocInt(length: number): Tensor;
  /**
   * `length` f16 values, which take half the memory: for frozen weights, copies of trained weights to multiply by, and
   * activations saved for the backward pass. Absent where a backend has no use for it. `write` rounds to the nearest f16
   * and takes the whole tensor at once; an op's result is rounded to a neighbouring f16; what is out of range becomes the
   * largest f16. All arithmetic is f32. An op takes such a tensor where its doc says "f16", and nowhere else; rows that it
   * writes must then have a multiple of 4 values.
   */
  allocHalf?(length: number): Tensor;
  free(tensor: Tensor): void;
  /** Bytes of live tensors now; pooled but unused memory not counted. */
  readonly bytesInUse: number;
  /** Most that bytesInUse can become; absent where the device does not say. */
  readonly bytesLimit?: number;
  /** Training is faster with f16 activations here: memory traffic counts, and the hardware computes with f16. */
  readonly prefersHalf?: boolean;
  /**
   * Tensors of these lengths, all zeros, behind each other in memory, so that an op on every element may take them as one:
   * see `wholesOf`. Each is freed by itself. Absent where that would gain nothing. Throws OutOfMemoryError; then nothing
   * stays allocated.
   */
  allocTogether?(lengths: readonly number[]): Tensor[];
  /** Tensors of the same lengths as these, all zeros, behind each other where these are. Throws OutOfMemoryError. */
  allocLike?(tensors: readonly Tensor[], dtype: 'f32' | 'f16'): Tensor[];
  /**
   * The same elements in as few tensors as there are: instead of parts that lie behind each other, what they are parts
   * of, whose further elements are zero and must stay so. Of tensors that `allocLike` made alike, it is alike.
   */
  wholesOf?(tensors: readonly Tensor[]): Tensor[];
  /** Replaces `values.length` elements from `offset` on. The type of `values` must be the tensor's; f32 for f16. */
  write(tensor: Tensor, values: Float32Array | Int32Array, offset?: number): void;
  /** Waits for every op so far, and copies `length` elements from `offset` on. Default: the whole tensor. */
  read(tensor: Tensor, offset?: number, length?: number): Promise<Float32Array>;
  /** Frees every tensor and ends what runs for this backend; no other call may follow. */
  dispose(): void;
  /**
   * Compiles the kernels of all ops in `record` at once, ahead of their first use. `record` is called once and must not
   * read. Tensors keep their f32 values; what `record` writes to i32 tensors has to be written again. Absent where
   * nothing has to be compiled.
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
   * Element i is retained where `dropoutHash(seed, i)` is at least rate * 2^32: the same elements on every backend, so
   * that the backward pass is the same call on the gradient. f16: x.
   */
  dropout(args: DropoutArguments): void;

  /** out = op(a) op(b), and the epilogue. f16: a, b, and out; then also the matrices of the epilogue. */
  matmul(args: MatmulArguments): void;
  /** dBias[j] += sum_i dOut[i, j] */
  addBiasBackward(dBias: Tensor, dOut: Tensor, rows: number, dim: number): void;

  /** out[i, :] = table[indices[i], :]. Embedding lookup and row selection. f16: table. */
  gatherRows(out: Tensor, table: Tensor, indices: Tensor, rows: number, dim: number): void;
  /** dTable[indices[i], :] += dOut[i, :]; repeated indices add up in row order. */
  scatterAddRows(dTable: Tensor, dOut: Tensor, indices: Tensor, rows: number, dim: number): void;

  /** out = x / rms(x) * weight. f16: out. */
  rmsNorm(args: RmsNormArguments): void;
  /** dX = the gradient of x (adds to it when `accumulate`); adds to dWeight. */
  rmsNormBackward(args: RmsNormBackwardArguments): void;

  /**
   * Rotates x in place, in Hugging Face's half-split layout (element j with j + headDim/2), by the angle whose cosine
   * and sine the tables hold at [positions[row], j]. f16: x, headDim then a multiple of 8.
   */
  rope(args: RopeArguments): void;

  /**
   * Softmax attention with scale 1/sqrt(headDim); rows x rows scores are never stored.
   * f16: q, k, v and out, all of them or none, here and in the backward pass.
   */
  attention(args: AttentionArguments): void;
  attentionBackward(args: AttentionBackwardArguments): void;

  /** The gradient of out = silu(gate) * up, which the epilogue computes. f16: gate and up, both or neither. */
  swigluBackward(args: SwigluBackwardArguments): void;

  /**
   * logProb[i] = log softmax(hidden[i] · head^T)[targets[i]]. Logits of all rows are never stored: rows x vocab grows
   * without bound. f16: head, here and in the backward pass.
   * The backend may leave logits in `logitCache`, so that `logProbBackward` need not compute them again, which is one of
   * the head's four products. No output depends on it by a bit: rows that do not fit are computed twice.
   */
  logProb(args: LogProbArguments): void;
  /**
   * The gradient of sum_i coefficient[i] * logProb[i]: overwrites dHidden, adds to dHead. `logitCache` must be as
   * `logProb` of the same hidden, head, rows, dim and vocab left it; this call overwrites it.
   */
  logProbBackward(args: LogProbBackwardArguments): void;

  /** out[offset] = sum of squares of x. */
  sumSquares(out: Tensor, offset: number, x: Tensor): void;
  /** Decoupled weight decay, PyTorch's AdamW update, in place on parameter, m, v. */
  adamW(parameter: Tensor, gradient: Tensor, m: Tensor, v: Tensor, step: AdamWStep): void;
}

/** Elements of a logit cache that one row takes: a multiple of 4. */
export function cachedRowLength(vocab: number): number {
  return Math.ceil(vocab / 4) * 4;
}

/** The number of rows, of `rows`, for whose logits `cache` has room. */
export function cachedRows(cache: Tensor | null | undefined, rows: number, vocab: number): number {
  return cache && vocab > 0 ? Math.min(rows, Math.floor(cache.length / cachedRowLength(vocab))) : 0;
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
