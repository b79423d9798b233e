/**
 * C = op(A) op(B), or C += ..., by packed panels. The order of every sum depends on the shape alone, so equal
 * inputs give equal bits.
 */
import { micro } from './micro';
import { packColumns, packRows } from './pack';
import { KC, MC, NC, packA, packB, PANEL, ROWS } from './scratch';

/** Size of the equal slices that `total` is cut into when each may hold `limit`, rounded up to `multiple`. */
// @ts-expect-error: decorator
@inline function slice(total: usize, limit: usize, multiple: usize): usize {
  const parts = (total + limit - 1) / limit;
  const size = (total + parts - 1) / parts;
  return (size + multiple - 1) / multiple * multiple;
}

/**
 * op(A) is m x k: A stored [m, k] (aColumns false) or [k, m] (true), rows `lda` elements apart; op(B) is k x n:
 * B stored [n, k] (bColumns false) or [k, n] (true), rows `ldb` apart; C rows `ldc` apart.
 */
export function gemm(
  aColumns: bool, bColumns: bool, m: usize, n: usize, k: usize,
  a: usize, lda: usize, b: usize, ldb: usize, c: usize, ldc: usize, accumulate: bool,
): void {
  if (m == 0 || n == 0) return;
  if (k == 0) {
    if (!accumulate) for (let i: usize = 0; i < m; i++) memory.fill(c + (i * ldc << 2), 0, n << 2);
    return;
  }
  const kc = slice(k, KC, 2);
  const mc = slice(m, MC, PANEL);
  const nc = slice(n, NC, PANEL);
  const pa = packA();
  const pb = packB();
  for (let j0: usize = 0; j0 < n; j0 += nc) {
    const nb = min(nc, n - j0);
    for (let p0: usize = 0; p0 < k; p0 += kc) {
      const kb = min(kc, k - p0);
      const kp = (kb + 1) & ~1;
      const add = accumulate || p0 > 0;
      if (bColumns) packColumns(b + (p0 * ldb + j0 << 2), ldb, nb, kb, pb);
      else packRows(b + (j0 * ldb + p0 << 2), ldb, nb, kb, pb);
      for (let i0: usize = 0; i0 < m; i0 += mc) {
        const mb = min(mc, m - i0);
        if (aColumns) packColumns(a + (p0 * lda + i0 << 2), lda, mb, kb, pa);
        else packRows(a + (i0 * lda + p0 << 2), lda, mb, kb, pa);
        for (let j: usize = 0; j < nb; j += PANEL) {
          const bPanel = pb + (j * kp << 2);
          const columns = min(PANEL, nb - j);
          for (let i: usize = 0; i < mb; i += PANEL) {
            const aPanel = pa + (i * kp << 2);
            const rows = min(PANEL, mb - i);
            for (let r: usize = 0; r < rows; r += ROWS) {
              const to = c + ((i0 + i + r) * ldc + j0 + j << 2);
              micro(kp, aPanel + (r << 2), bPanel, to, ldc << 2, min(ROWS, rows - r), columns, add);
            }
          }
        }
      }
    }
  }
}

/** The ops contract's matmul. form: 0 nt, 1 nn, 2 tn. */
export function matmul(form: i32, c: usize, a: usize, b: usize, m: usize, n: usize, k: usize, accumulate: bool): void {
  gemm(form == 2, form != 0, m, n, k, a, form == 2 ? m : k, b, form == 0 ? k : n, c, n, accumulate);
}
