/** The head: log-probabilities of targets by tiles of rows x vocabulary, never all logits at once. */
import { gemm } from './gemm';
import { rowMax, rowSum, TILE_COLUMNS, TILE_ROWS, tile } from './scratch';
import { expRow, rowMaximum, scaleRow } from './simd';

export function logProb(
  out: usize,
  logSumExp: usize,
  hidden: usize,
  head: usize,
  targets: usize,
  rows: usize,
  dim: usize,
  vocab: usize,
): void {
  const t = tile();
  const maxima = rowMax();
  const sums = rowSum();
  for (let r0: usize = 0; r0 < rows; r0 += TILE_ROWS) {
    const rb = min(TILE_ROWS, rows - r0);
    for (let i: usize = 0; i < rb; i++) {
      store<f64>(maxima + (i << 3), -f64.MAX_VALUE);
      store<f64>(sums + (i << 3), 0);
    }
    for (let v0: usize = 0; v0 < vocab; v0 += TILE_COLUMNS) {
      const vb = min(TILE_COLUMNS, vocab - v0);
      gemm(
        false,
        false,
        rb,
        vb,
        dim,
        hidden + ((r0 * dim) << 2),
        dim,
        head + ((v0 * dim) << 2),
        dim,
        t,
        TILE_COLUMNS,
        false,
      );
      for (let i: usize = 0; i < rb; i++) {
        const row = t + ((i * TILE_COLUMNS) << 2);
        const target = <usize>load<u32>(targets + ((r0 + i) << 2));
        if (target >= v0 && target < v0 + vb) store<f32>(out + ((r0 + i) << 2), load<f32>(row + ((target - v0) << 2)));
        const before = load<f64>(maxima + (i << 3));
        const top = Math.max(before, <f64>rowMaximum(row, vb));
        const kept = load<f64>(sums + (i << 3)) * Math.exp(before - top);
        store<f64>(maxima + (i << 3), top);
        store<f64>(sums + (i << 3), kept + expRow(row, vb, 1, <f32>top));
      }
    }
    for (let i: usize = 0; i < rb; i++) {
      const at = (r0 + i) << 2;
      const lse = load<f64>(maxima + (i << 3)) + Math.log(load<f64>(sums + (i << 3)));
      store<f32>(logSumExp + at, <f32>lse);
      store<f32>(out + at, <f32>(<f64>load<f32>(out + at) - lse));
    }
  }
}

/** dHead 0: not wanted. dHidden must not overlap the inputs. */
export function logProbBackward(
  dHidden: usize,
  dHead: usize,
  coefficient: usize,
  logSumExp: usize,
  hidden: usize,
  head: usize,
  targets: usize,
  rows: usize,
  dim: usize,
  vocab: usize,
): void {
  const t = tile();
  for (let r0: usize = 0; r0 < rows; r0 += TILE_ROWS) {
    const rb = min(TILE_ROWS, rows - r0);
    const h = hidden + ((r0 * dim) << 2);
    for (let v0: usize = 0; v0 < vocab; v0 += TILE_COLUMNS) {
      const vb = min(TILE_COLUMNS, vocab - v0);
      const w = head + ((v0 * dim) << 2);
      gemm(false, false, rb, vb, dim, h, dim, w, dim, t, TILE_COLUMNS, false);
      for (let i: usize = 0; i < rb; i++) {
        const at = (r0 + i) << 2;
        const row = t + ((i * TILE_COLUMNS) << 2);
        const factor = load<f32>(coefficient + at);
        expRow(row, vb, 1, load<f32>(logSumExp + at));
        scaleRow(row, vb, -factor);
        const target = <usize>load<u32>(targets + at);
        if (target >= v0 && target < v0 + vb) {
          const place = row + ((target - v0) << 2);
          store<f32>(place, load<f32>(place) + factor);
        }
      }
      gemm(false, true, rb, dim, vb, t, TILE_COLUMNS, w, dim, dHidden + ((r0 * dim) << 2), dim, v0 > 0);
      if (dHead) gemm(true, true, vb, dim, rb, t, TILE_COLUMNS, h, dim, dHead + ((v0 * dim) << 2), dim, true);
    }
  }
}
