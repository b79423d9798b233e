/**
 * C = op(A) op(B), or C += ..., by packed panels. The order of an element's sum depends on k alone, so equal inputs
 * give equal bits, and so does a product computed in parts of C.
 */
import { micro } from './micro';
import { packColumns, packRows } from './pack';
import { KC, MC, NC, packA, packB, PANEL, ROWS } from './scratch';
import { cut, firstItem, nextItem, threads } from './threads';

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

/** Elements of C that make a part worth its packing, and parts a thread at most: more than one balance uneven cores. */
const PART: usize = 256 * 256;
const PARTS: usize = 2;

/** Part `part` of `parts` of gemm: C is cut into a grid whose cells have the least of A and B to pack. */
export function gemmPart(
  part: usize, parts: usize, aColumns: bool, bColumns: bool, m: usize, n: usize, k: usize,
  a: usize, lda: usize, b: usize, ldb: usize, c: usize, ldc: usize, accumulate: bool,
): void {
  let down: usize = 1;
  for (let d: usize = 2; d <= parts; d++) {
    if (parts % d == 0 && m / d + n / (parts / d) < m / down + n / (parts / down)) down = d;
  }
  const across = parts / down;
  const i0 = cut(m, PANEL, part / across, down);
  const i1 = cut(m, PANEL, part / across + 1, down);
  const j0 = cut(n, PANEL, part % across, across);
  const j1 = cut(n, PANEL, part % across + 1, across);
  gemm(
    aColumns, bColumns, i1 - i0, j1 - j0, k, a + ((aColumns ? i0 : i0 * lda) << 2), lda,
    b + ((bColumns ? j0 : j0 * ldb) << 2), ldb, c + (i0 * ldc + j0 << 2), ldc, accumulate,
  );
}

/** The ops contract's matmul. form: 0 nt, 1 nn, 2 tn. */
export function matmul(form: i32, c: usize, a: usize, b: usize, m: usize, n: usize, k: usize, accumulate: bool): void {
  const lda = form == 2 ? m : k;
  const ldb = form == 0 ? k : n;
  const parts: usize = threads() == 1 ? 1 : threads() * max<usize>(1, min<usize>(PARTS, m * n / (PART * threads())));
  for (let part = firstItem(); part < parts; part = nextItem()) {
    gemmPart(part, parts, form == 2, form != 0, m, n, k, a, lda, b, ldb, c, n, accumulate);
  }
}
