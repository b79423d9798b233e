/**
 * The innermost loops of matmul without fused multiply-add: a tile of 4 rows x 4 or 8 columns of C held in registers
 * over k steps of two packed panels. The products take registers too, so 8 sums are what V8 holds without spilling
 * (measured: 40 GFLOP/s; 3 x 12 reaches 20..30). Sums begin with what stands in C, since an addition after the loop
 * costs registers within it.
 */
import { PANEL } from './scratch';
import { madd, zero } from './simd';

/** Bytes from one k to the next within a panel. */
const STEP: usize = PANEL * 4;

/** a points at the first of four rows within its panel, b at its panel; ldc in bytes. */
export function micro4x8(k: usize, a: usize, b: usize, c: usize, ldc: usize, accumulate: bool): void {
  let r00 = zero(), r01 = zero();
  let r10 = zero(), r11 = zero();
  let r20 = zero(), r21 = zero();
  let r30 = zero(), r31 = zero();
  const c1 = c + ldc, c2 = c1 + ldc, c3 = c2 + ldc;
  if (accumulate) {
    r00 = v128.load(c); r01 = v128.load(c, 16);
    r10 = v128.load(c1); r11 = v128.load(c1, 16);
    r20 = v128.load(c2); r21 = v128.load(c2, 16);
    r30 = v128.load(c3); r31 = v128.load(c3, 16);
  }
  const end = a + k * STEP;
  while (a < end) {
    const b0 = v128.load(b), b1 = v128.load(b, 16);
    let x = v128.load_splat<f32>(a);
    r00 = madd(x, b0, r00); r01 = madd(x, b1, r01);
    x = v128.load_splat<f32>(a, 4);
    r10 = madd(x, b0, r10); r11 = madd(x, b1, r11);
    x = v128.load_splat<f32>(a, 8);
    r20 = madd(x, b0, r20); r21 = madd(x, b1, r21);
    x = v128.load_splat<f32>(a, 12);
    r30 = madd(x, b0, r30); r31 = madd(x, b1, r31);
    a += STEP;
    b += STEP;
  }
  v128.store(c, r00); v128.store(c, r01, 16);
  v128.store(c1, r10); v128.store(c1, r11, 16);
  v128.store(c2, r20); v128.store(c2, r21, 16);
  v128.store(c3, r30); v128.store(c3, r31, 16);
}

/** The same for the first four columns of b's panel. */
export function micro4x4(k: usize, a: usize, b: usize, c: usize, ldc: usize, accumulate: bool): void {
  let r00 = zero();
  let r10 = zero();
  let r20 = zero();
  let r30 = zero();
  const c1 = c + ldc, c2 = c1 + ldc, c3 = c2 + ldc;
  if (accumulate) {
    r00 = v128.load(c);
    r10 = v128.load(c1);
    r20 = v128.load(c2);
    r30 = v128.load(c3);
  }
  const end = a + k * STEP;
  while (a < end) {
    const b0 = v128.load(b);
    let x = v128.load_splat<f32>(a);
    r00 = madd(x, b0, r00);
    x = v128.load_splat<f32>(a, 4);
    r10 = madd(x, b0, r10);
    x = v128.load_splat<f32>(a, 8);
    r20 = madd(x, b0, r20);
    x = v128.load_splat<f32>(a, 12);
    r30 = madd(x, b0, r30);
    a += STEP;
    b += STEP;
  }
  v128.store(c, r00);
  v128.store(c1, r10);
  v128.store(c2, r20);
  v128.store(c3, r30);
}
