/** Matmul, gradient of a bias, row gathering and the log-probability head: the ops on matrices. */
import type { LogProbArguments, LogProbBackwardArguments, MatmulArguments } from '../backend';

export function matmul(args: Omit<MatmulArguments<Float64Array>, 'swiglu'>): void {
  const { form, out, a, b, rows, columns, inner, plus, bias } = args;
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      let sum = (plus ? plus[i * columns + j]! : 0) + (bias ? bias[j]! : 0);
      for (let p = 0; p < inner; p++) {
        const factor = form === 'tn' ? a[p * rows + i]! : a[i * inner + p]!;
        sum += factor * (form === 'nt' ? b[j * inner + p]! : b[p * columns + j]!);
      }
      out[i * columns + j] = sum;
    }
  }
}

export function addBiasBackward(dBias: Float64Array, dOut: Float64Array, rows: number, dim: number): void {
  for (let i = 0; i < rows; i++) for (let j = 0; j < dim; j++) dBias[j]! += dOut[i * dim + j]!;
}

export function gatherRows(
  out: Float64Array,
  table: Float64Array,
  indices: Int32Array,
  rows: number,
  dim: number,
): void {
  for (let i = 0; i < rows; i++) for (let j = 0; j < dim; j++) out[i * dim + j] = table[indices[i]! * dim + j]!;
}

export function scatterAddRows(
  dTable: Float64Array,
  dOut: Float64Array,
  indices: Int32Array,
  rows: number,
  dim: number,
): void {
  for (let i = 0; i < rows; i++) for (let j = 0; j < dim; j++) dTable[indices[i]! * dim + j]! += dOut[i * dim + j]!;
}

/** hidden[i] · head^T, one row of `vocab` logits. */
function logitsOf(hidden: Float64Array, head: Float64Array, i: number, dim: number, vocab: number): Float64Array {
  const logits = new Float64Array(vocab);
  for (let t = 0; t < vocab; t++) {
    let sum = 0;
    for (let d = 0; d < dim; d++) sum += hidden[i * dim + d]! * head[t * dim + d]!;
    logits[t] = sum;
  }
  return logits;
}

export function logProb(args: LogProbArguments<Float64Array, Int32Array>): void {
  const { logProb, logSumExp, hidden, head, targets, rows, dim, vocab } = args;
  for (let i = 0; i < rows; i++) {
    const logits = logitsOf(hidden, head, i, dim, vocab);
    let max = Number.NEGATIVE_INFINITY;
    for (const logit of logits) max = Math.max(max, logit);
    let sum = 0;
    for (const logit of logits) sum += Math.exp(logit - max);
    logSumExp[i] = max + Math.log(sum);
    logProb[i] = logits[targets[i]!]! - logSumExp[i]!;
  }
}

export function logProbBackward(args: LogProbBackwardArguments<Float64Array, Int32Array>): void {
  const { dHidden, dHead, coefficient, logSumExp, hidden, head, targets, rows, dim, vocab } = args;
  dHidden.fill(0, 0, rows * dim);
  for (let i = 0; i < rows; i++) {
    const logits = logitsOf(hidden, head, i, dim, vocab);
    for (let t = 0; t < vocab; t++) {
      const probability = Math.exp(logits[t]! - logSumExp[i]!);
      const dLogit = coefficient[i]! * ((t === targets[i] ? 1 : 0) - probability);
      for (let d = 0; d < dim; d++) {
        dHidden[i * dim + d]! += dLogit * head[t * dim + d]!;
        if (dHead) dHead[t * dim + d]! += dLogit * hidden[i * dim + d]!;
      }
    }
  }
}
