/**
 * What the ops of backend.ts take: tensors, their shapes, and the arguments of every op that has more than five. Shapes
 * are row-major. `F` stands for what holds floating-point values and `I` for what holds integers, so that a backend can
 * describe its own buffers with the same types.
 */

/** A buffer of values that a backend owns. `length` is its element count. Using it after `free` is an error. */
export interface Tensor {
  readonly length: number;
  /** 'f16' is for values that need few digits: see `allocHalf`. */
  readonly dtype: 'f32' | 'i32' | 'f16';
}

/** The memory that a tensor's values take, in bytes. Two f16 values share one word of four bytes. */
export function tensorBytes({ length, dtype }: Tensor): number {
  return dtype === 'f16' ? 4 * Math.ceil(length / 2) : 4 * length;
}

/**
 * One run of consecutive rows [start, end) of the packed block whose tokens attend causally to each
 * other and to every row of an earlier prefix [prefixStart, prefixEnd) (empty when equal).
 * Naive packing: one segment per sequence, no prefix. Shared prefix: one segment for x, then one for
 * each y_i with x as its prefix. Segments are disjoint, sorted, cover all rows;
 * prefixEnd <= start.
 */
export interface Segment {
  readonly start: number;
  readonly end: number;
  readonly prefixStart: number;
  readonly prefixEnd: number;
  /**
   * These rows exist only to be attended to: a backend may skip their own attention, and the values of `out` and
   * `logSumExp` there are undefined. For generation; not allowed in a backward pass.
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

/** out[i] = x[i] / (1 - rate) or 0, for i < length. */
export interface DropoutArguments<F = Tensor> {
  /** [length]; not x. */
  readonly out: F;
  /** [length] */
  readonly x: F;
  readonly length: number;
  /** Share of elements that become 0, in [0, 1). */
  readonly rate: number;
  /** A whole number of 32 bits. */
  readonly seed: number;
  /** Add to `out` instead of overwriting it. Default: false. */
  readonly accumulate?: boolean;
}

/** Which operand of `matmul` is transposed; the three cases that a linear layer needs. */
export type MatmulForm =
  /** a[rows, inner] · b[columns, inner]^T: forward with a weight stored [out, in]. */
  | 'nt'
  /** a[rows, inner] · b[inner, columns]: gradient of the input. */
  | 'nn'
  /** a[inner, rows]^T · b[inner, columns]: gradient of the weight. */
  | 'tn';

/**
 * What is done to a product while it is still in registers: out = op(a) op(b) + plus + bias. With `swiglu`, also
 * swiglu.out = silu(gate) * out, taken before `out` is rounded where it holds f16.
 */
export interface Epilogue<F = Tensor> {
  /** [rows, columns]; a residual stream, or `out` itself, which then accumulates. */
  readonly plus?: F;
  /** [columns], added to every row. */
  readonly bias?: F;
  /** [rows, columns] each; not the product's `out`. */
  readonly swiglu?: { readonly out: F; readonly gate: F };
}

export interface MatmulArguments<F = Tensor> extends Epilogue<F> {
  readonly form: MatmulForm;
  /** [rows, columns] */
  readonly out: F;
  /** [rows, inner], and [inner, rows] in the form 'tn'. */
  readonly a: F;
  /** [inner, columns], and [columns, inner] in the form 'nt'. */
  readonly b: F;
  readonly rows: number;
  readonly columns: number;
  /** The dimension that is summed over. */
  readonly inner: number;
  /** Multiplies the product, which then has no epilogue. */
  readonly scale?: number;
}

export interface RmsNormArguments<F = Tensor> {
  /** [rows, dim] */
  readonly out: F;
  /** [rows], saved for the backward pass. */
  readonly inverseRms: F;
  /** [rows, dim] */
  readonly x: F;
  /** [dim] */
  readonly weight: F;
  readonly rows: number;
  readonly dim: number;
  /** Added to the mean square of a row. */
  readonly epsilon: number;
}

export interface RmsNormBackwardArguments<F = Tensor> {
  /** [rows, dim]; not dOut. */
  readonly dX: F;
  /** [dim], added to; null: the weight is frozen. */
  readonly dWeight: F | null;
  /** [rows, dim] */
  readonly dOut: F;
  /** [rows, dim], as the forward pass had it. */
  readonly x: F;
  /** [dim] */
  readonly weight: F;
  /** [rows], as the forward pass left it. */
  readonly inverseRms: F;
  readonly rows: number;
  readonly dim: number;
  /** Add to `dX` instead of overwriting it. Default: false. */
  readonly accumulate?: boolean;
}

export interface RopeArguments<F = Tensor, I = Tensor> {
  /** [rows, heads, headDim], rotated in place. */
  readonly x: F;
  /** [rows]: the row of the tables that holds the angles of each row of x. */
  readonly positions: I;
  /** [maxPosition, headDim / 2] */
  readonly cosine: F;
  /** [maxPosition, headDim / 2] */
  readonly sine: F;
  readonly rows: number;
  readonly heads: number;
  /** Even. */
  readonly headDim: number;
  /** -1 is the inverse rotation, which is also the backward pass. */
  readonly direction: 1 | -1;
}

export interface AttentionArguments<F = Tensor> {
  /** [rows, heads, headDim] */
  readonly out: F;
  /** [rows, heads], saved for the backward pass. */
  readonly logSumExp: F;
  /** [rows, heads, headDim] */
  readonly q: F;
  /** [rows, kvHeads, headDim] */
  readonly k: F;
  /** [rows, kvHeads, headDim] */
  readonly v: F;
  readonly shape: AttentionShape;
}

/** `out` and `logSumExp` are inputs here, as the forward pass left them. */
export interface AttentionBackwardArguments<F = Tensor> extends AttentionArguments<F> {
  /** [rows, heads, headDim] */
  readonly dQ: F;
  /** [rows, kvHeads, headDim] */
  readonly dK: F;
  /** [rows, kvHeads, headDim] */
  readonly dV: F;
  /** [rows, heads, headDim] */
  readonly dOut: F;
}

/** All tensors have at least `length` values. */
export interface SwigluBackwardArguments<F = Tensor> {
  readonly dGate: F;
  readonly dUp: F;
  readonly dOut: F;
  readonly gate: F;
  readonly up: F;
  readonly length: number;
}

/** The output layer and its softmax, of which only the log-probabilities of the targets are wanted. */
interface HeadArguments<F, I> {
  /** [rows] */
  readonly logSumExp: F;
  /** [rows, dim] */
  readonly hidden: F;
  /** [vocab, dim] */
  readonly head: F;
  /** [rows], each in [0, vocab). */
  readonly targets: I;
  readonly rows: number;
  readonly dim: number;
  readonly vocab: number;
  /** A buffer of any length for logits of the first `cachedRows` rows; the layout is the backend's. Default: none. */
  readonly logitCache?: F | null;
}

/** `logSumExp` is an output, saved for the backward pass. */
export interface LogProbArguments<F = Tensor, I = Tensor> extends HeadArguments<F, I> {
  /** [rows] */
  readonly logProb: F;
}

/** `logSumExp` is an input, as the forward pass left it. */
export interface LogProbBackwardArguments<F = Tensor, I = Tensor> extends HeadArguments<F, I> {
  /** [rows, dim] */
  readonly dHidden: F;
  /** [vocab, dim], added to; null: the head is frozen. */
  readonly dHead: F | null;
  /** [rows]: the objective is sum_i coefficient[i] * logProb[i]. */
  readonly coefficient: F;
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
