/**
 * What every backend refuses, in the same words. Each check runs on the host before anything is enqueued,
 * so that a wrong call changes no tensor. Lengths are lower bounds: a workspace may be larger than one call needs.
 */
import type { AdamWStep, AttentionShape, Epilogue, MatmulForm, Segment, SegmentLayout, Tensor } from './backend';
import {
  BackendError,
  checkCounts,
  checkDistinct,
  checkFloats,
  checkIndices,
  checkInts,
  checkRange,
  checkSameLength,
  checkSameType,
  checkValues,
} from './operands';

export { BackendError, checkCounts, checkDistinct, checkRange, checkSameLength };

export function checkThreads(threads: number): void {
  if (!Number.isSafeInteger(threads) || threads < 1 || threads > 32) {
    throw new BackendError(`threads must be a whole number from 1 to 32, not ${threads}`);
  }
}

export function checkMatmul(
  form: MatmulForm,
  c: Tensor,
  a: Tensor,
  b: Tensor,
  m: number,
  n: number,
  k: number,
  { plus, bias, swiglu }: Epilogue = {},
): void {
  if (form !== 'nt' && form !== 'nn' && form !== 'tn') throw new BackendError(`matmul: unknown form ${form}`);
  checkCounts('matmul', { m, n, k });
  checkValues('matmul', { a: [a, m * k], b: [b, n * k] });
  checkValues('matmul', { c: [c, m * n] }, n);
  checkDistinct('matmul', { c }, { a, b });
  if (plus) {
    checkValues('matmul', { plus: [plus, m * n] });
    checkSameType('matmul', { c, plus });
  }
  if (bias) {
    checkFloats('matmul', { bias: [bias, n] });
    checkDistinct('matmul', { c }, { bias });
  }
  if (!swiglu) return;
  const { out, gate } = swiglu;
  checkValues('matmul', { out: [out, m * n], gate: [gate, m * n] });
  checkSameType('matmul', { c, out, gate });
  checkDistinct('matmul', { c, out }, { gate });
  checkDistinct('matmul', { out }, { c, a, b, ...(plus && { plus }), ...(bias && { bias }) });
}

export function checkBias(op: string, matrix: Tensor, bias: Tensor, rows: number, dim: number): void {
  checkCounts(op, { rows, dim });
  checkFloats(op, { matrix: [matrix, rows * dim], bias: [bias, dim] });
  checkDistinct(op, { matrix }, { bias });
}

export function checkGather(
  op: string,
  picked: Tensor,
  table: Tensor,
  indices: Tensor,
  values: Int32Array,
  rows: number,
  dim: number,
): void {
  checkCounts(op, { rows, dim });
  checkInts(op, 'indices', indices, rows);
  checkFloats(op, { rows: [picked, rows * dim] });
  if (op === 'gatherRows') checkValues(op, { table: [table, 0] });
  else checkFloats(op, { table: [table, 0] });
  checkIndices(op, 'indices', values, rows, dim === 0 ? Number.POSITIVE_INFINITY : Math.floor(table.length / dim));
  checkDistinct(op, { rows: picked }, { table });
}

export function checkRmsNorm(
  out: Tensor,
  inverseRms: Tensor,
  x: Tensor,
  weight: Tensor,
  rows: number,
  dim: number,
): void {
  checkCounts('rmsNorm', { rows, dim });
  const size = rows * dim;
  checkValues('rmsNorm', { out: [out, size] }, dim);
  checkFloats('rmsNorm', { inverseRms: [inverseRms, rows], x: [x, size], weight: [weight, dim] });
  checkDistinct('rmsNorm', { out, inverseRms }, { weight });
  checkDistinct('rmsNorm', { inverseRms }, { x, out });
}

export function checkRmsNormBackward(
  dX: Tensor,
  dWeight: Tensor | null,
  dOut: Tensor,
  x: Tensor,
  weight: Tensor,
  inverseRms: Tensor,
  rows: number,
  dim: number,
): void {
  const op = 'rmsNormBackward';
  checkCounts(op, { rows, dim });
  const size = rows * dim;
  checkFloats(op, {
    dX: [dX, size],
    dOut: [dOut, size],
    x: [x, size],
    weight: [weight, dim],
    inverseRms: [inverseRms, rows],
  });
  if (dWeight) checkFloats(op, { dWeight: [dWeight, dim] });
  checkDistinct(op, dWeight ? { dX, dWeight } : { dX }, { dOut, x, weight, inverseRms });
}

export function checkRope(
  x: Tensor,
  positions: Tensor,
  values: Int32Array,
  cosine: Tensor,
  sine: Tensor,
  rows: number,
  heads: number,
  headDim: number,
): void {
  checkCounts('rope', { rows, heads, headDim });
  if (headDim % 2 !== 0) throw new BackendError(`rope: headDim must be even, not ${headDim}`);
  checkInts('rope', 'positions', positions, rows);
  checkValues('rope', { x: [x, rows * heads * headDim] }, headDim / 2);
  checkFloats('rope', { cosine: [cosine, 0], sine: [sine, cosine.length] });
  checkIndices('rope', 'positions', values, rows, Math.floor(cosine.length / (headDim / 2)));
}

export function checkElementwise(op: string, tensors: Readonly<Record<string, Tensor>>, length: number): void {
  checkCounts(op, { length });
  for (const name in tensors) checkFloats(op, { [name]: [tensors[name]!, length] });
}

export function checkScale(x: Tensor, factor: number, length: number): void {
  checkElementwise('scale', { x }, length);
  if (!Number.isFinite(factor)) throw new BackendError(`scale: the factor must be finite, not ${factor}`);
}

export function checkDropout(out: Tensor, x: Tensor, length: number, rate: number, seed: number): void {
  checkElementwise('dropout', { out }, length);
  checkValues('dropout', { x: [x, length] });
  checkDistinct('dropout', { out }, { x });
  if (!(rate >= 0 && rate < 1)) throw new BackendError(`dropout: the rate must be at least 0 and below 1, not ${rate}`);
  if (!Number.isInteger(seed) || seed < 0 || seed >= 2 ** 32) {
    throw new BackendError(`dropout: the seed must be a whole number of 32 bits, not ${seed}`);
  }
}

/** `perRow`: the outputs of the forward op, or the inputs of the backward op, with one value a row. `kept`: of any length. */
export function checkLogProb(
  op: string,
  perRow: Readonly<Record<string, Tensor>>,
  hidden: Tensor,
  head: Tensor,
  targets: Tensor,
  values: Int32Array,
  rows: number,
  dim: number,
  vocab: number,
  kept: Tensor | null,
): void {
  checkCounts(op, { rows, dim, vocab });
  checkInts(op, 'targets', targets, rows);
  checkFloats(op, { hidden: [hidden, rows * dim] });
  checkValues(op, { head: [head, vocab * dim] });
  for (const name in perRow) checkFloats(op, { [name]: [perRow[name]!, rows] });
  checkIndices(op, 'targets', values, rows, vocab);
  if (!kept) return;
  checkFloats(op, { kept: [kept, 0] });
  checkDistinct(op, { kept }, { ...perRow, hidden, head });
}

export function checkLogProbGradients(
  dHidden: Tensor,
  dHead: Tensor | null,
  inputs: Readonly<Record<string, Tensor>>,
  rows: number,
  dim: number,
  vocab: number,
  kept: Tensor | null,
): void {
  const op = 'logProbBackward';
  checkFloats(op, { dHidden: [dHidden, rows * dim] });
  if (dHead) checkFloats(op, { dHead: [dHead, vocab * dim] });
  checkDistinct(op, dHead ? { dHidden, dHead } : { dHidden }, kept ? { ...inputs, kept } : inputs);
}

export function checkSumSquares(out: Tensor, offset: number, x: Tensor): void {
  checkFloats('sumSquares', { out: [out, 0], x: [x, 0] });
  checkRange('sumSquares', out, offset, 1);
}

function describeSegment(s: Segment, i: number): string {
  return `segment ${i} {rows ${s.start}..${s.end}, prefix ${s.prefixStart}..${s.prefixEnd}}`;
}

function checkSegments(op: string, segments: SegmentLayout, rows: number): void {
  let next = 0;
  segments.forEach((s, i) => {
    checkCounts(op, { start: s.start, end: s.end, prefixStart: s.prefixStart, prefixEnd: s.prefixEnd });
    if (s.start !== next || s.end < s.start) {
      throw new BackendError(`${op}: ${describeSegment(s, i)} should start at row ${next}`);
    }
    if (s.prefixStart > s.prefixEnd || s.prefixEnd > s.start) {
      throw new BackendError(`${op}: ${describeSegment(s, i)} must have its prefix before its start`);
    }
    next = s.end;
  });
  if (next !== rows) throw new BackendError(`${op}: segments cover ${next} of ${rows} rows`);
}

const FORWARD: ReadonlySet<string> = new Set(['q', 'k', 'v', 'out']);

/** `perQuery` have rows x heads x headDim values, `perKey` rows x kvHeads x headDim; those of the forward op may be f16. */
export function checkAttention(
  op: string,
  perQuery: Readonly<Record<string, Tensor>>,
  perKey: Readonly<Record<string, Tensor>>,
  logSumExp: Tensor,
  shape: AttentionShape,
): void {
  const { rows, heads, kvHeads, headDim, segments } = shape;
  checkCounts(op, { rows, heads, kvHeads, headDim });
  if (kvHeads < 1 || heads % kvHeads !== 0) {
    throw new BackendError(`${op}: heads (${heads}) must be a multiple of kvHeads (${kvHeads})`);
  }
  checkSegments(op, segments, rows);
  const check = (tensors: Readonly<Record<string, Tensor>>, length: number) => {
    for (const name in tensors) {
      const one = { [name]: [tensors[name]!, length] as const };
      if (FORWARD.has(name)) checkValues(op, one, headDim);
      else checkFloats(op, one);
    }
  };
  check(perQuery, rows * heads * headDim);
  check(perKey, rows * kvHeads * headDim);
  checkSameType(op, { q: perQuery.q!, k: perKey.k!, v: perKey.v!, out: perQuery.out! });
  checkFloats(op, { logSumExp: [logSumExp, rows * heads] });
  if (op === 'attention') checkDistinct(op, { out: perQuery.out!, logSumExp }, { ...perKey, q: perQuery.q! });
}

export function checkWriteType(tensor: Tensor, values: Float32Array | Int32Array): void {
  if (tensor.dtype === 'f16') {
    if (values instanceof Float32Array && values.length === tensor.length) return;
    throw new BackendError(`write: a tensor of f16 takes f32 values, all ${tensor.length} of them`);
  }
  const given = values instanceof Int32Array ? 'i32' : 'f32';
  if (given !== tensor.dtype) throw new BackendError(`write: ${given} values into a tensor of ${tensor.dtype}`);
}

export function checkSwigluBackward(
  gradients: Readonly<Record<string, Tensor>>,
  gate: Tensor,
  up: Tensor,
  length: number,
): void {
  checkElementwise('swigluBackward', gradients, length);
  checkValues('swigluBackward', { gate: [gate, length], up: [up, length] }, length);
  checkSameType('swigluBackward', { gate, up });
}

/** As long as each other. */
export function checkCopy(out: Tensor, x: Tensor): void {
  checkFloats('copy', { x: [x, out.length] });
  checkValues('copy', { out: [out, x.length] });
}

export function checkAdamW(parameter: Tensor, gradient: Tensor, m: Tensor, v: Tensor, step: AdamWStep): void {
  checkSameLength('adamW', { parameter, gradient, m, v });
  if (!Number.isSafeInteger(step.step) || step.step < 1) {
    throw new BackendError(`adamW: step counts from 1, not ${step.step}`);
  }
}
