/**
 * What every backend refuses, with the same messages. The checks run on the host before anything is enqueued, so that
 * an invalid call changes no tensor. Lengths are lower bounds: a workspace may be larger than one call needs.
 */
import type {
  AdamWStep,
  AttentionArguments,
  AttentionBackwardArguments,
  AttentionShape,
  DropoutArguments,
  LogProbArguments,
  LogProbBackwardArguments,
  MatmulArguments,
  RmsNormArguments,
  RmsNormBackwardArguments,
  RopeArguments,
  Segment,
  SegmentLayout,
  SwigluBackwardArguments,
  Tensor,
} from './backend';
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

export function checkMatmul(args: MatmulArguments): void {
  const { form, out, a, b, rows, columns, inner, plus, bias, swiglu, scale } = args;
  const size = rows * columns;
  if (scale !== undefined && (plus || bias || swiglu)) throw new BackendError('matmul: a scale leaves no epilogue');
  if (form !== 'nt' && form !== 'nn' && form !== 'tn') throw new BackendError(`matmul: unknown form ${form}`);
  checkCounts('matmul', { rows, columns, inner });
  checkValues('matmul', { a: [a, rows * inner], b: [b, columns * inner] });
  checkValues('matmul', { out: [out, size] }, columns);
  checkDistinct('matmul', { out }, { a, b });
  if (plus) {
    checkValues('matmul', { plus: [plus, size] });
    checkSameType('matmul', { out, plus });
  }
  if (bias) {
    checkFloats('matmul', { bias: [bias, columns] });
    checkDistinct('matmul', { out }, { bias });
  }
  if (!swiglu) return;
  const gate = { 'swiglu.gate': swiglu.gate };
  const gated = { 'swiglu.out': swiglu.out };
  checkValues('matmul', { 'swiglu.out': [swiglu.out, size], 'swiglu.gate': [swiglu.gate, size] });
  checkSameType('matmul', { out, ...gated, ...gate });
  checkDistinct('matmul', { out, ...gated }, gate);
  checkDistinct('matmul', gated, { out, a, b, ...(plus && { plus }), ...(bias && { bias }) });
}

export function checkBias(op: string, matrix: Tensor, bias: Tensor, rows: number, dim: number): void {
  checkCounts(op, { rows, dim });
  checkFloats(op, { matrix: [matrix, rows * dim], bias: [bias, dim] });
  checkDistinct(op, { matrix }, { bias });
}

/** Of gatherRows, whose `matrix` is written, and scatterAddRows, whose `matrix` is read. */
export interface IndexedRows {
  /** [rows, dim] */
  readonly matrix: Tensor;
  /** [any number of rows, dim] */
  readonly table: Tensor;
  /** [rows] */
  readonly indices: Tensor;
  readonly rows: number;
  readonly dim: number;
}

export function checkIndexedRows(
  op: 'gatherRows' | 'scatterAddRows',
  { matrix, table, indices, rows, dim }: IndexedRows,
  indexValues: Int32Array,
): void {
  checkCounts(op, { rows, dim });
  checkInts(op, 'indices', indices, rows);
  checkFloats(op, { rows: [matrix, rows * dim] });
  if (op === 'gatherRows') checkValues(op, { table: [table, 0] });
  else checkFloats(op, { table: [table, 0] });
  checkIndices(op, 'indices', indexValues, rows, dim === 0 ? Number.POSITIVE_INFINITY : Math.floor(table.length / dim));
  checkDistinct(op, { rows: matrix }, { table });
}

export function checkRmsNorm({ out, inverseRms, x, weight, rows, dim }: RmsNormArguments): void {
  checkCounts('rmsNorm', { rows, dim });
  const size = rows * dim;
  checkValues('rmsNorm', { out: [out, size] }, dim);
  checkFloats('rmsNorm', { inverseRms: [inverseRms, rows], x: [x, size], weight: [weight, dim] });
  checkDistinct('rmsNorm', { out, inverseRms }, { weight });
  checkDistinct('rmsNorm', { inverseRms }, { x, out });
}

export function checkRmsNormBackward(args: RmsNormBackwardArguments): void {
  const { dX, dWeight, dOut, x, weight, inverseRms, rows, dim } = args;
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

export function checkRope(args: RopeArguments, positionValues: Int32Array): void {
  const { x, positions, cosine, sine, rows, heads, headDim } = args;
  checkCounts('rope', { rows, heads, headDim });
  if (headDim % 2 !== 0) throw new BackendError(`rope: headDim must be even, not ${headDim}`);
  checkInts('rope', 'positions', positions, rows);
  checkValues('rope', { x: [x, rows * heads * headDim] }, headDim / 2);
  checkFloats('rope', { cosine: [cosine, 0], sine: [sine, cosine.length] });
  checkIndices('rope', 'positions', positionValues, rows, Math.floor(cosine.length / (headDim / 2)));
}

export function checkElementwise(op: string, tensors: Readonly<Record<string, Tensor>>, length: number): void {
  checkCounts(op, { length });
  for (const name in tensors) checkFloats(op, { [name]: [tensors[name]!, length] });
}

export function checkScale(x: Tensor, factor: number, length: number): void {
  checkElementwise('scale', { x }, length);
  if (!Number.isFinite(factor)) throw new BackendError(`scale: the factor must be finite, not ${factor}`);
}

export function checkDropout({ out, x, length, rate, seed }: DropoutArguments): void {
  checkElementwise('dropout', { out }, length);
  checkValues('dropout', { x: [x, length] });
  checkDistinct('dropout', { out }, { x });
  if (!(rate >= 0 && rate < 1)) throw new BackendError(`dropout: the rate must be at least 0 and below 1, not ${rate}`);
  if (!Number.isInteger(seed) || seed < 0 || seed >= 2 ** 32) {
    throw new BackendError(`dropout: the seed must be a whole number of 32 bits, not ${seed}`);
  }
}

type PerRow = Readonly<Record<string, Tensor>>;
type HeadArguments = Omit<LogProbArguments, 'logProb' | 'logSumExp'>;

/** `perRow`: the outputs of the forward op, or the inputs of the backward op, with one value per row. */
function checkHead(op: string, perRow: PerRow, args: HeadArguments, targetValues: Int32Array): void {
  const { hidden, head, targets, rows, dim, vocab, logitCache } = args;
  checkCounts(op, { rows, dim, vocab });
  checkInts(op, 'targets', targets, rows);
  checkFloats(op, { hidden: [hidden, rows * dim] });
  checkValues(op, { head: [head, vocab * dim] });
  for (const name in perRow) checkFloats(op, { [name]: [perRow[name]!, rows] });
  checkIndices(op, 'targets', targetValues, rows, vocab);
  if (!logitCache) return;
  checkFloats(op, { logitCache: [logitCache, 0] });
  checkDistinct(op, { logitCache }, { ...perRow, hidden, head });
}

export function checkLogProb(args: LogProbArguments, targetValues: Int32Array): void {
  const { logProb, logSumExp } = args;
  checkHead('logProb', { logProb, logSumExp }, args, targetValues);
}

export function checkLogProbBackward(args: LogProbBackwardArguments, targetValues: Int32Array): void {
  const op = 'logProbBackward';
  const { dHidden, dHead, coefficient, logSumExp, hidden, head, rows, dim, vocab, logitCache } = args;
  checkHead(op, { coefficient, logSumExp }, args, targetValues);
  checkFloats(op, { dHidden: [dHidden, rows * dim] });
  if (dHead) checkFloats(op, { dHead: [dHead, vocab * dim] });
  const inputs = { hidden, head, coefficient, logSumExp, ...(logitCache && { logitCache }) };
  checkDistinct(op, dHead ? { dHidden, dHead } : { dHidden }, inputs);
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

type Tensors = Readonly<Record<string, Tensor>>;

/** `perQuery` have rows x heads x headDim values, `perKey` rows x kvHeads x headDim; those of the forward op may be f16. */
function checkHeads(op: string, perQuery: Tensors, perKey: Tensors, args: AttentionArguments): void {
  const { out, logSumExp, q, k, v, shape } = args;
  const { rows, heads, kvHeads, headDim, segments }: AttentionShape = shape;
  checkCounts(op, { rows, heads, kvHeads, headDim });
  if (kvHeads < 1 || heads % kvHeads !== 0) {
    throw new BackendError(`${op}: heads (${heads}) must be a multiple of kvHeads (${kvHeads})`);
  }
  checkSegments(op, segments, rows);
  const check = (tensors: Tensors, length: number) => {
    for (const name in tensors) {
      const one = { [name]: [tensors[name]!, length] as const };
      if (FORWARD.has(name)) checkValues(op, one, headDim);
      else checkFloats(op, one);
    }
  };
  check(perQuery, rows * heads * headDim);
  check(perKey, rows * kvHeads * headDim);
  checkSameType(op, { q, k, v, out });
  checkFloats(op, { logSumExp: [logSumExp, rows * heads] });
}

export function checkAttention(args: AttentionArguments): void {
  const { out, logSumExp, q, k, v } = args;
  checkHeads('attention', { out, q }, { k, v }, args);
  checkDistinct('attention', { out, logSumExp }, { k, v, q });
}

export function checkAttentionBackward(args: AttentionBackwardArguments): void {
  const { dQ, dK, dV, dOut, out, logSumExp, q, k, v } = args;
  checkHeads('attentionBackward', { dQ, dOut, out, q }, { dK, dV, k, v }, args);
  checkDistinct('attentionBackward', { dQ, dK, dV }, { dOut, out, logSumExp, q, k, v });
}

export function checkWriteType(tensor: Tensor, values: Float32Array | Int32Array): void {
  if (tensor.dtype === 'f16') {
    if (values instanceof Float32Array && values.length === tensor.length) return;
    throw new BackendError(`write: a tensor of f16 takes f32 values, all ${tensor.length} of them`);
  }
  const given = values instanceof Int32Array ? 'i32' : 'f32';
  if (given !== tensor.dtype) throw new BackendError(`write: ${given} values into a tensor of ${tensor.dtype}`);
}

export function checkSwigluBackward({ dGate, dUp, dOut, gate, up, length }: SwigluBackwardArguments): void {
  checkElementwise('swigluBackward', { dGate, dUp, dOut }, length);
  checkValues('swigluBackward', { gate: [gate, length], up: [up, length] }, length);
  checkSameType('swigluBackward', { gate, up });
}

/** Both tensors have the same length. */
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
