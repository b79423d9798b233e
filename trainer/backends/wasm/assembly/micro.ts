/**
 * The innermost loops of matmul: a tile of 3 rows x 4, 8 or 12 columns of C held in registers over k steps of two
 * packed panels. 3 x 12 is what V8 keeps in registers on x86: it places all loads of a loop body before the
 * arithmetic, so 9 sums, 3 broadcasts and 3 vectors fill the 15 it may use; larger tiles and unrolled fused
 * multiply-adds spill (measured: 62 against 39..49 GFLOP/s). Without fused multiply-add the multiplier is the limit,
 * and two steps a turn are better.
 */
import { edge, PANEL, ROWS } from './scratch';
import { madd, zero } from './simd';

/** Bytes from one k to the next within a panel. */
const STEP: usize = PANEL * 4;

/** k is even; a points at the first of three rows within its panel, b at its panel; ldc in bytes. */
function micro3x12(k: usize, a: usize, b: usize, c: usize, ldc: usize, accumulate: bool): void {
  let r00 = zero(), r01 = zero(), r02 = zero();
  let r10 = zero(), r11 = zero(), r12 = zero();
  let r20 = zero(), r21 = zero(), r22 = zero();
  const end = a + k * STEP;
  if (ASC_FEATURE_RELAXED_SIMD) {
    while (a < end) {
      let b0 = v128.load(b), b1 = v128.load(b, 16), b2 = v128.load(b, 32);
      let x = v128.load_splat<f32>(a);
      r00 = madd(x, b0, r00); r01 = madd(x, b1, r01); r02 = madd(x, b2, r02);
      x = v128.load_splat<f32>(a, 4);
      r10 = madd(x, b0, r10); r11 = madd(x, b1, r11); r12 = madd(x, b2, r12);
      x = v128.load_splat<f32>(a, 8);
      r20 = madd(x, b0, r20); r21 = madd(x, b1, r21); r22 = madd(x, b2, r22);
      a += STEP;
      b += STEP;
    }
  } else {
    while (a < end) {
      let b0 = v128.load(b), b1 = v128.load(b, 16), b2 = v128.load(b, 32);
      let x = v128.load_splat<f32>(a);
      r00 = madd(x, b0, r00); r01 = madd(x, b1, r01); r02 = madd(x, b2, r02);
      x = v128.load_splat<f32>(a, 4);
      r10 = madd(x, b0, r10); r11 = madd(x, b1, r11); r12 = madd(x, b2, r12);
      x = v128.load_splat<f32>(a, 8);
      r20 = madd(x, b0, r20); r21 = madd(x, b1, r21); r22 = madd(x, b2, r22);

      b0 = v128.load(b, 48); b1 = v128.load(b, 64); b2 = v128.load(b, 80);
      x = v128.load_splat<f32>(a, 48);
      r00 = madd(x, b0, r00); r01 = madd(x, b1, r01); r02 = madd(x, b2, r02);
      x = v128.load_splat<f32>(a, 52);
      r10 = madd(x, b0, r10); r11 = madd(x, b1, r11); r12 = madd(x, b2, r12);
      x = v128.load_splat<f32>(a, 56);
      r20 = madd(x, b0, r20); r21 = madd(x, b1, r21); r22 = madd(x, b2, r22);
      a += 2 * STEP;
      b += 2 * STEP;
    }
  }
  const c1 = c + ldc, c2 = c1 + ldc;
  if (accumulate) {
    r00 = f32x4.add(r00, v128.load(c));
    r01 = f32x4.add(r01, v128.load(c, 16));
    r02 = f32x4.add(r02, v128.load(c, 32));
    r10 = f32x4.add(r10, v128.load(c1));
    r11 = f32x4.add(r11, v128.load(c1, 16));
    r12 = f32x4.add(r12, v128.load(c1, 32));
    r20 = f32x4.add(r20, v128.load(c2));
    r21 = f32x4.add(r21, v128.load(c2, 16));
    r22 = f32x4.add(r22, v128.load(c2, 32));
  }
  v128.store(c, r00); v128.store(c, r01, 16); v128.store(c, r02, 32);
  v128.store(c1, r10); v128.store(c1, r11, 16); v128.store(c1, r12, 32);
  v128.store(c2, r20); v128.store(c2, r21, 16); v128.store(c2, r22, 32);
}

/** The same for the first eight columns of b's panel. */
function micro3x8(k: usize, a: usize, b: usize, c: usize, ldc: usize, accumulate: bool): void {
  let r00 = zero(), r01 = zero();
  let r10 = zero(), r11 = zero();
  let r20 = zero(), r21 = zero();
  const end = a + k * STEP;
  if (ASC_FEATURE_RELAXED_SIMD) {
    while (a < end) {
      let b0 = v128.load(b), b1 = v128.load(b, 16);
      let x = v128.load_splat<f32>(a);
      r00 = madd(x, b0, r00); r01 = madd(x, b1, r01);
      x = v128.load_splat<f32>(a, 4);
      r10 = madd(x, b0, r10); r11 = madd(x, b1, r11);
      x = v128.load_splat<f32>(a, 8);
      r20 = madd(x, b0, r20); r21 = madd(x, b1, r21);
      a += STEP;
      b += STEP;
    }
  } else {
    while (a < end) {
      let b0 = v128.load(b), b1 = v128.load(b, 16);
      let x = v128.load_splat<f32>(a);
      r00 = madd(x, b0, r00); r01 = madd(x, b1, r01);
      x = v128.load_splat<f32>(a, 4);
      r10 = madd(x, b0, r10); r11 = madd(x, b1, r11);
      x = v128.load_splat<f32>(a, 8);
      r20 = madd(x, b0, r20); r21 = madd(x, b1, r21);

      b0 = v128.load(b, 48); b1 = v128.load(b, 64);
      x = v128.load_splat<f32>(a, 48);
      r00 = madd(x, b0, r00); r01 = madd(x, b1, r01);
      x = v128.load_splat<f32>(a, 52);
      r10 = madd(x, b0, r10); r11 = madd(x, b1, r11);
      x = v128.load_splat<f32>(a, 56);
      r20 = madd(x, b0, r20); r21 = madd(x, b1, r21);
      a += 2 * STEP;
      b += 2 * STEP;
    }
  }
  const c1 = c + ldc, c2 = c1 + ldc;
  if (accumulate) {
    r00 = f32x4.add(r00, v128.load(c));
    r01 = f32x4.add(r01, v128.load(c, 16));
    r10 = f32x4.add(r10, v128.load(c1));
    r11 = f32x4.add(r11, v128.load(c1, 16));
    r20 = f32x4.add(r20, v128.load(c2));
    r21 = f32x4.add(r21, v128.load(c2, 16));
  }
  v128.store(c, r00); v128.store(c, r01, 16);
  v128.store(c1, r10); v128.store(c1, r11, 16);
  v128.store(c2, r20); v128.store(c2, r21, 16);
}

/** The same for the first four columns of b's panel. */
function micro3x4(k: usize, a: usize, b: usize, c: usize, ldc: usize, accumulate: bool): void {
  let r00 = zero();
  let r10 = zero();
  let r20 = zero();
  const end = a + k * STEP;
  if (ASC_FEATURE_RELAXED_SIMD) {
    while (a < end) {
      let b0 = v128.load(b);
      let x = v128.load_splat<f32>(a);
      r00 = madd(x, b0, r00);
      x = v128.load_splat<f32>(a, 4);
      r10 = madd(x, b0, r10);
      x = v128.load_splat<f32>(a, 8);
      r20 = madd(x, b0, r20);
      a += STEP;
      b += STEP;
    }
  } else {
    while (a < end) {
      let b0 = v128.load(b);
      let x = v128.load_splat<f32>(a);
      r00 = madd(x, b0, r00);
      x = v128.load_splat<f32>(a, 4);
      r10 = madd(x, b0, r10);
      x = v128.load_splat<f32>(a, 8);
      r20 = madd(x, b0, r20);

      b0 = v128.load(b, 48);
      x = v128.load_splat<f32>(a, 48);
      r00 = madd(x, b0, r00);
      x = v128.load_splat<f32>(a, 52);
      r10 = madd(x, b0, r10);
      x = v128.load_splat<f32>(a, 56);
      r20 = madd(x, b0, r20);
      a += 2 * STEP;
      b += 2 * STEP;
    }
  }
  const c1 = c + ldc, c2 = c1 + ldc;
  if (accumulate) {
    r00 = f32x4.add(r00, v128.load(c));
    r10 = f32x4.add(r10, v128.load(c1));
    r20 = f32x4.add(r20, v128.load(c2));
  }
  v128.store(c, r00);
  v128.store(c1, r10);
  v128.store(c2, r20);
}

/** `rows` (1..3) x `columns` (1..12) of C; what a whole tile would write beyond them goes to scratch instead. */
export function micro(
  k: usize, a: usize, b: usize, c: usize, ldc: usize, rows: usize, columns: usize, accumulate: bool,
): void {
  if (rows == ROWS) {
    if (columns == 12) return micro3x12(k, a, b, c, ldc, accumulate);
    if (columns == 8) return micro3x8(k, a, b, c, ldc, accumulate);
    if (columns == 4) return micro3x4(k, a, b, c, ldc, accumulate);
  }
  const tile = edge();
  if (columns > 8) micro3x12(k, a, b, tile, STEP, false);
  else if (columns > 4) micro3x8(k, a, b, tile, STEP, false);
  else micro3x4(k, a, b, tile, STEP, false);
  for (let i: usize = 0; i < rows; i++) {
    const from = tile + i * STEP;
    const to = c + i * ldc;
    let j: usize = 0;
    for (; j + 4 <= columns; j += 4) {
      const value = v128.load(from + (j << 2));
      v128.store(to + (j << 2), accumulate ? f32x4.add(v128.load(to + (j << 2)), value) : value);
    }
    for (; j < columns; j++) {
      const value = load<f32>(from + (j << 2));
      store<f32>(to + (j << 2), accumulate ? load<f32>(to + (j << 2)) + value : value);
    }
  }
}
