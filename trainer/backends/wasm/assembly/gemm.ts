/**
 * C = op(A) op(B), or C += ..., by packed panels and a register tile of 4 x 8.
 * The order of every sum depends on the shape alone, so equal inputs give equal bits.
 */
import { packColumns, packRows } from './pack';
import { edge, KC, MC, MR, NC, NR, packA, packB } from './scratch';
import { madd, zero } from './simd';

/** One 4 x 8 tile over k (a multiple of four) steps of two panels; ldc in bytes. */
function micro(k: usize, a: usize, b: usize, c: usize, ldc: usize, accumulate: bool): void {
  let c00 = zero(), c01 = zero(), c10 = zero(), c11 = zero();
  let c20 = zero(), c21 = zero(), c30 = zero(), c31 = zero();
  const end = a + (k << 4);
  while (a < end) {
    let b0 = v128.load(b), b1 = v128.load(b, 16);
    let x = v128.load_splat<f32>(a);
    c00 = madd(x, b0, c00); c01 = madd(x, b1, c01);
    x = v128.load_splat<f32>(a, 4);
    c10 = madd(x, b0, c10); c11 = madd(x, b1, c11);
    x = v128.load_splat<f32>(a, 8);
    c20 = madd(x, b0, c20); c21 = madd(x, b1, c21);
    x = v128.load_splat<f32>(a, 12);
    c30 = madd(x, b0, c30); c31 = madd(x, b1, c31);

    b0 = v128.load(b, 32); b1 = v128.load(b, 48);
    x = v128.load_splat<f32>(a, 16);
    c00 = madd(x, b0, c00); c01 = madd(x, b1, c01);
    x = v128.load_splat<f32>(a, 20);
    c10 = madd(x, b0, c10); c11 = madd(x, b1, c11);
    x = v128.load_splat<f32>(a, 24);
    c20 = madd(x, b0, c20); c21 = madd(x, b1, c21);
    x = v128.load_splat<f32>(a, 28);
    c30 = madd(x, b0, c30); c31 = madd(x, b1, c31);

    b0 = v128.load(b, 64); b1 = v128.load(b, 80);
    x = v128.load_splat<f32>(a, 32);
    c00 = madd(x, b0, c00); c01 = madd(x, b1, c01);
    x = v128.load_splat<f32>(a, 36);
    c10 = madd(x, b0, c10); c11 = madd(x, b1, c11);
    x = v128.load_splat<f32>(a, 40);
    c20 = madd(x, b0, c20); c21 = madd(x, b1, c21);
    x = v128.load_splat<f32>(a, 44);
    c30 = madd(x, b0, c30); c31 = madd(x, b1, c31);

    b0 = v128.load(b, 96); b1 = v128.load(b, 112);
    x = v128.load_splat<f32>(a, 48);
    c00 = madd(x, b0, c00); c01 = madd(x, b1, c01);
    x = v128.load_splat<f32>(a, 52);
    c10 = madd(x, b0, c10); c11 = madd(x, b1, c11);
    x = v128.load_splat<f32>(a, 56);
    c20 = madd(x, b0, c20); c21 = madd(x, b1, c21);
    x = v128.load_splat<f32>(a, 60);
    c30 = madd(x, b0, c30); c31 = madd(x, b1, c31);

    a += 64;
    b += 128;
  }
  const c1 = c + ldc, c2 = c1 + ldc, c3 = c2 + ldc;
  if (accumulate) {
    c00 = f32x4.add(c00, v128.load(c)); c01 = f32x4.add(c01, v128.load(c, 16));
    c10 = f32x4.add(c10, v128.load(c1)); c11 = f32x4.add(c11, v128.load(c1, 16));
    c20 = f32x4.add(c20, v128.load(c2)); c21 = f32x4.add(c21, v128.load(c2, 16));
    c30 = f32x4.add(c30, v128.load(c3)); c31 = f32x4.add(c31, v128.load(c3, 16));
  }
  v128.store(c, c00); v128.store(c, c01, 16);
  v128.store(c1, c10); v128.store(c1, c11, 16);
  v128.store(c2, c20); v128.store(c2, c21, 16);
  v128.store(c3, c30); v128.store(c3, c31, 16);
}

/** A tile that hangs over C's edge: computed beside it, then the part that exists is copied. */
function microEdge(k: usize, a: usize, b: usize, c: usize, ldc: usize, rows: usize, columns: usize, accumulate: bool): void {
  const t = edge();
  micro(k, a, b, t, NR << 2, false);
  for (let i: usize = 0; i < rows; i++) {
    const from = t + i * (NR << 2);
    const to = c + i * ldc;
    for (let j: usize = 0; j < columns; j++) {
      const value = load<f32>(from + (j << 2));
      store<f32>(to + (j << 2), accumulate ? load<f32>(to + (j << 2)) + value : value);
    }
  }
}

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
  const kc = slice(k, KC, 4);
  const mc = slice(m, MC, MR);
  const nc = slice(n, NC, NR);
  const pa = packA();
  const pb = packB();
  for (let j0: usize = 0; j0 < n; j0 += nc) {
    const nb = min(nc, n - j0);
    for (let p0: usize = 0; p0 < k; p0 += kc) {
      const kb = min(kc, k - p0);
      const kp = (kb + 3) & ~3;
      const add = accumulate || p0 > 0;
      if (bColumns) packColumns(b + (p0 * ldb + j0 << 2), ldb, nb, kb, NR, pb);
      else packRows(b + (j0 * ldb + p0 << 2), ldb, nb, kb, NR, pb);
      for (let i0: usize = 0; i0 < m; i0 += mc) {
        const mb = min(mc, m - i0);
        if (aColumns) packColumns(a + (p0 * lda + i0 << 2), lda, mb, kb, MR, pa);
        else packRows(a + (i0 * lda + p0 << 2), lda, mb, kb, MR, pa);
        for (let j: usize = 0; j < nb; j += NR) {
          const bPanel = pb + (j * kp << 2);
          const columns = min(NR, nb - j);
          let to = c + (i0 * ldc + j0 + j << 2);
          for (let i: usize = 0; i < mb; i += MR) {
            const aPanel = pa + (i * kp << 2);
            const rows = min(MR, mb - i);
            if (rows == MR && columns == NR) micro(kp, aPanel, bPanel, to, ldc << 2, add);
            else microEdge(kp, aPanel, bPanel, to, ldc << 2, rows, columns, add);
            to += MR * ldc << 2;
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
