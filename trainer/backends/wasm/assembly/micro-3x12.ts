/**
 * The innermost loops of matmul with fused multiply-add: a tile of 3 rows x 4, 8 or 12 columns of C held in registers
 * over k steps of two packed panels. 3 x 12 is what V8 keeps in registers on x86: it places all loads of a loop body
 * before the arithmetic, so 9 sums, 3 broadcasts and 3 vectors fill the 15 it may use; larger tiles and unrolled loops
 * spill (measured: 62 against 39..49 GFLOP/s).
 */
import { PANEL } from './scratch';
import { madd, zero } from './simd';

/** Bytes from one k to the next within a panel. */
const STEP: usize = PANEL * 4;

/** a points at the first of three rows within its panel, b at its panel; ldc in bytes. */
export function micro3x12(k: usize, a: usize, b: usize, c: usize, ldc: usize, accumulate: bool): void {
  let r00 = zero(), r01 = zero(), r02 = zero();
  let r10 = zero(), r11 = zero(), r12 = zero();
  let r20 = zero(), r21 = zero(), r22 = zero();
  const end = a + k * STEP;
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
export function micro3x8(k: usize, a: usize, b: usize, c: usize, ldc: usize, accumulate: bool): void {
  let r00 = zero(), r01 = zero();
  let r10 = zero(), r11 = zero();
  let r20 = zero(), r21 = zero();
  const end = a + k * STEP;
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
export function micro3x4(k: usize, a: usize, b: usize, c: usize, ldc: usize, accumulate: bool): void {
  let r00 = zero();
  let r10 = zero();
  let r20 = zero();
  const end = a + k * STEP;
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
