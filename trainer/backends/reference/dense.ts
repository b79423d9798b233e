/** Matmul, bias, row gathering and the log-probability head: everything with a matrix in it. */
import type { MatmulForm } from '../backend';

export function matmul(
  form: MatmulForm,
  c: Float64Array,
  a: Float64Array,
  b: Float64Array,
  m: number,
  n: number,
  k: number,
  { plus, bias }: { readonly plus?: Float64Array; readonly bias?: Float64Array },
): void {
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let sum = (plus ? plus[i * n + j]! : 0) + (bias ? bias[j]! : 0);
      for (let p = 0; p < k; p++) {
        sum += (form === 'tn' ? a[p * m + i]! : a[i * k + p]!) * (form === 'nt' ? b[j * k + p]! : b[p * n + j]!);
      }
      c[i * n + j] = sum;
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

export function logProb(
  logProb: Float64Array,
  logSumExp: Float64Array,
  hidden: Float64Array,
  head: Float64Array,
  targets: Int32Array,
  rows: number,
  dim: number,
  vocab: number,
): void {
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

export function logProbBackward(
  dHidden: Float64Array,
  dHead: Float64Array | null,
  coefficient: Float64Array,
  logSumExp: Float64Array,
  hidden: Float64Array,
  head: Float64Array,
  targets: Int32Array,
  rows: number,
  dim: number,
  vocab: number,
): void {
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
