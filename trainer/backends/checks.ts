/**
 * What every backend refuses, in the same words. Each check runs on the host before anything is enqueued,
 * so that a wrong call changes no tensor. Lengths are lower bounds: a workspace may be larger than one call needs.
 */
import type { AdamWStep, AttentionShape, MatmulForm, Segment, SegmentLayout, Tensor } from './backend';

export class BackendError extends Error {
  override readonly name = 'BackendError';
}

export type Named = Readonly<Record<string, readonly [tensor: Tensor, length: number]>>;

function count(op: string, name: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new BackendError(`${op}: ${name} must be a whole number >= 0, not ${value}`);
  }
}

export function checkCounts(op: string, counts: Readonly<Record<string, number>>): void {
  for (const name in counts) count(op, name, counts[name]!);
}

export function checkThreads(threads: number): void {
  if (!Number.isSafeInteger(threads) || threads < 1 || threads > 32) {
    throw new BackendError(`threads must be a whole number from 1 to 32, not ${threads}`);
  }
}

/** Every tensor holds f32 and at least the elements the call touches. */
export function checkFloats(op: string, tensors: Named): void {
  for (const name in tensors) {
    const [tensor, length] = tensors[name]!;
    if (tensor.dtype !== 'f32') throw new BackendError(`${op}: ${name} must be f32, not ${tensor.dtype}`);
    if (tensor.length < length) {
      throw new BackendError(`${op}: ${name} has ${tensor.length} elements, the call needs ${length}`);
    }
  }
}

/** Weights hold f32 or f16, and at least the elements the call touches. */
function checkWeights(op: string, name: string, tensor: Tensor, length: number): void {
  if (tensor.dtype !== 'f16') checkFloats(op, { [name]: [tensor, length] });
  else if (tensor.length < length) {
    throw new BackendError(`${op}: ${name} has ${tensor.length} elements, the call needs ${length}`);
  }
}

export function checkSameLength(op: string, tensors: Readonly<Record<string, Tensor>>): void {
  let first: string | undefined;
  for (const name in tensors) {
    if (tensors[name]!.dtype !== 'f32') throw new BackendError(`${op}: ${name} must be f32`);
    if (first === undefined) first = name;
    else if (tensors[name]!.length !== tensors[first]!.length) {
      throw new BackendError(
        `${op}: ${name} has ${tensors[name]!.length} elements, ${first} has ${tensors[first]!.length}`,
      );
    }
  }
}

/** The first `rows` values lie in [0, limit). */
function checkIndices(op: string, name: string, values: Int32Array, rows: number, limit: number): void {
  for (let i = 0; i < rows; i++) {
    const value = values[i]!;
    if (value < 0 || value >= limit) {
      throw new BackendError(`${op}: ${name}[${i}] = ${value} is outside 0..${limit - 1}`);
    }
  }
}

export function checkInts(op: string, name: string, tensor: Tensor, length: number): void {
  if (tensor.dtype !== 'i32') throw new BackendError(`${op}: ${name} must be i32, not ${tensor.dtype}`);
  if (tensor.length < length) {
    throw new BackendError(`${op}: ${name} has ${tensor.length} elements, the call needs ${length}`);
  }
}

export function checkMatmul(form: MatmulForm, c: Tensor, a: Tensor, b: Tensor, m: number, n: number, k: number): void {
  if (form !== 'nt' && form !== 'nn' && form !== 'tn') throw new BackendError(`matmul: unknown form ${form}`);
  checkCounts('matmul', { m, n, k });
  checkFloats('matmul', { c: [c, m * n], a: [a, m * k] });
  if (form === 'tn') checkFloats('matmul', { b: [b, n * k] });
  else checkWeights('matmul', 'b', b, n * k);
  checkDistinct('matmul', { c }, { a, b });
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
  if (op === 'gatherRows') checkWeights(op, 'table', table, 0);
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
  checkFloats('rmsNorm', { out: [out, size], inverseRms: [inverseRms, rows], x: [x, size], weight: [weight, dim] });
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
  checkFloats('rope', { x: [x, rows * heads * headDim], cosine: [cosine, 0], sine: [sine, cosine.length] });
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
  checkElementwise('dropout', { out, x }, length);
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
  checkWeights(op, 'head', head, vocab * dim);
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

/** `perQuery` have rows x heads x headDim values, `perKey` rows x kvHeads x headDim. */
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
  for (const name in perQuery) checkFloats(op, { [name]: [perQuery[name]!, rows * heads * headDim] });
  for (const name in perKey) checkFloats(op, { [name]: [perKey[name]!, rows * kvHeads * headDim] });
  checkFloats(op, { logSumExp: [logSumExp, rows * heads] });
  if (op === 'attention') checkDistinct(op, { out: perQuery.out!, logSumExp }, { ...perKey, q: perQuery.q! });
}

/** A range [offset, offset + length) lies inside a tensor. */
export function checkRange(op: string, tensor: Tensor, offset: number, length: number): void {
  checkCounts(op, { offset, length });
  if (offset + length > tensor.length) {
    throw new BackendError(`${op}: ${offset} + ${length} elements do not fit a tensor of ${tensor.length}`);
  }
}

export function checkWriteType(tensor: Tensor, values: Float32Array | Int32Array): void {
  if (tensor.dtype === 'f16') {
    if (values instanceof Float32Array && values.length === tensor.length) return;
    throw new BackendError(`write: a tensor of f16 takes f32 values, all ${tensor.length} of them`);
  }
  const given = values instanceof Int32Array ? 'i32' : 'f32';
  if (given !== tensor.dtype) throw new BackendError(`write: ${given} values into a tensor of ${tensor.dtype}`);
}

export function checkAdamW(parameter: Tensor, gradient: Tensor, m: Tensor, v: Tensor, step: AdamWStep): void {
  checkSameLength('adamW', { parameter, gradient, m, v });
  if (!Number.isSafeInteger(step.step) || step.step < 1) {
    throw new BackendError(`adamW: step counts from 1, not ${step.step}`);
  }
}

/** Outputs that are written while inputs are still being read may not be the same buffer. */
export function checkDistinct(
  op: string,
  outputs: Readonly<Record<string, Tensor>>,
  inputs: Readonly<Record<string, Tensor>>,
): void {
  for (const o in outputs) {
    for (const i in inputs) {
      if (outputs[o] === inputs[i]) throw new BackendError(`${op}: ${o} may not be the same tensor as ${i}`);
    }
  }
}
