/** Softmax attention over a segment layout, one query row and one head at a time. */
import type { AttentionArguments, AttentionBackwardArguments, AttentionShape, Segment } from '../backend';

/** Rows that row i of segment s may attend to: the whole prefix, then its own segment up to itself. */
function visibleRows(s: Segment, i: number): number[] {
  const rows: number[] = [];
  for (let j = s.prefixStart; j < s.prefixEnd; j++) rows.push(j);
  for (let j = s.start; j <= i; j++) rows.push(j);
  return rows;
}

function dot(a: Float64Array, aOffset: number, b: Float64Array, bOffset: number, length: number): number {
  let sum = 0;
  for (let d = 0; d < length; d++) sum += a[aOffset + d]! * b[bOffset + d]!;
  return sum;
}

type Visit = (i: number, head: number, q: number, kv: number, visible: number[]) => void;

/** Calls visit for each (row, head) with the element offsets of its q row and of kv row 0 of its kv head. */
function forEachQuery(shape: AttentionShape, visit: Visit): void {
  const { heads, kvHeads, headDim, segments } = shape;
  const group = heads / kvHeads;
  for (const s of segments) {
    if (s.idle) continue;
    for (let i = s.start; i < s.end; i++) {
      const visible = visibleRows(s, i);
      for (let h = 0; h < heads; h++) {
        visit(i, h, (i * heads + h) * headDim, Math.floor(h / group) * headDim, visible);
      }
    }
  }
}

export function attention({ out, logSumExp, q, k, v, shape }: AttentionArguments<Float64Array>): void {
  const { heads, kvHeads, headDim } = shape;
  const scale = 1 / Math.sqrt(headDim);
  const stride = kvHeads * headDim;
  forEachQuery(shape, (i, h, row, kv, visible) => {
    const scores = visible.map((j) => dot(q, row, k, j * stride + kv, headDim) * scale);
    const max = scores.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
    const lse = max + Math.log(scores.reduce((sum, s) => sum + Math.exp(s - max), 0));
    logSumExp[i * heads + h] = lse;
    out.fill(0, row, row + headDim);
    visible.forEach((j, n) => {
      const p = Math.exp(scores[n]! - lse);
      for (let d = 0; d < headDim; d++) out[row + d]! += p * v[j * stride + kv + d]!;
    });
  });
}

export function attentionBackward(args: AttentionBackwardArguments<Float64Array>): void {
  const { dQ, dK, dV, dOut, out, logSumExp, q, k, v, shape } = args;
  const { rows, heads, kvHeads, headDim } = shape;
  const scale = 1 / Math.sqrt(headDim);
  const stride = kvHeads * headDim;
  dQ.fill(0, 0, rows * heads * headDim);
  dK.fill(0, 0, rows * stride);
  dV.fill(0, 0, rows * stride);
  forEachQuery(shape, (i, h, row, kv, visible) => {
    // sum_j p_j dP_j = dOut · out: softmax's Jacobian needs it, and this way no second pass over j.
    const mean = dot(dOut, row, out, row, headDim);
    for (const j of visible) {
      const kvRow = j * stride + kv;
      const p = Math.exp(dot(q, row, k, kvRow, headDim) * scale - logSumExp[i * heads + h]!);
      const dScore = p * (dot(dOut, row, v, kvRow, headDim) - mean) * scale;
      for (let d = 0; d < headDim; d++) {
        dV[kvRow + d]! += p * dOut[row + d]!;
        dQ[row + d]! += dScore * k[kvRow + d]!;
        dK[kvRow + d]! += dScore * q[row + d]!;
      }
    }
  });
}
