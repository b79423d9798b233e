/** Small vector helpers shared by the kernels. All memory lengths are in elements of f32. */

/** a * b + c; one instruction where the build and the engine have relaxed SIMD. */
// @ts-expect-error: decorator
@inline export function madd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(c, f32x4.mul(a, b));
}

// @ts-expect-error: decorator
@inline export function zero(): v128 { return f32x4.splat(0); }

/** Sum of four lanes in a fixed order, widened first. */
// @ts-expect-error: decorator
@inline export function sumLanes(x: v128): f64 {
  return (<f64>f32x4.extract_lane(x, 0) + <f64>f32x4.extract_lane(x, 2)) +
    (<f64>f32x4.extract_lane(x, 1) + <f64>f32x4.extract_lane(x, 3));
}

// @ts-expect-error: decorator
@inline export function maxLanes(x: v128): f32 {
  return max(
    max(f32x4.extract_lane(x, 0), f32x4.extract_lane(x, 1)),
    max(f32x4.extract_lane(x, 2), f32x4.extract_lane(x, 3)),
  );
}

/**
 * e^x of four lanes, relative error about 1e-7 (Cephes' polynomial). x is clamped to [-87.3, 88]:
 * what would be 0 or infinite comes out as 1.2e-38 or 1.6e38.
 */
// @ts-expect-error: decorator
@inline export function exp4(value: v128): v128 {
  // pmax and pmin keep their first operand when it is NaN: a broken value must not look like a small one.
  const x = f32x4.pmin(f32x4.pmax(value, f32x4.splat(-87.3)), f32x4.splat(88));
  // Adding 1.5 * 2^23 rounds to the nearest integer and leaves it in the low bits: no conversion needed.
  const magic = f32x4.splat(12582912);
  const shifted = madd(x, f32x4.splat(1.44269504088896341), magic);
  const n = f32x4.sub(shifted, magic);
  let r = madd(n, f32x4.splat(-0.693359375), x);
  r = madd(n, f32x4.splat(2.12194440e-4), r);
  let p = madd(r, f32x4.splat(1.9875691500e-4), f32x4.splat(1.3981999507e-3));
  p = madd(p, r, f32x4.splat(8.3334519073e-3));
  p = madd(p, r, f32x4.splat(4.1665795894e-2));
  p = madd(p, r, f32x4.splat(1.6666665459e-1));
  p = madd(p, r, f32x4.splat(5.0000001201e-1));
  p = f32x4.add(madd(p, f32x4.mul(r, r), r), f32x4.splat(1));
  return i32x4.add(p, i32x4.shl(shifted, 23));
}

// @ts-expect-error: decorator
@inline export function exp1(x: f32): f32 {
  return f32x4.extract_lane(exp4(f32x4.splat(x)), 0);
}

/** Sum over p of a[p] * b[p]. */
export function dot(a: usize, b: usize, length: usize): f64 {
  let s0 = zero();
  let s1 = zero();
  const end8 = a + ((length & ~7) << 2);
  const end = a + (length << 2);
  while (a < end8) {
    s0 = madd(v128.load(a), v128.load(b), s0);
    s1 = madd(v128.load(a, 16), v128.load(b, 16), s1);
    a += 32;
    b += 32;
  }
  let sum = sumLanes(f32x4.add(s0, s1));
  while (a < end) {
    sum += <f64>load<f32>(a) * <f64>load<f32>(b);
    a += 4;
    b += 4;
  }
  return sum;
}

/** Largest of `length` >= 0 values; -infinity for none. */
export function rowMaximum(x: usize, length: usize): f32 {
  let best = f32x4.splat(-f32.MAX_VALUE);
  const end4 = x + ((length & ~3) << 2);
  const end = x + (length << 2);
  while (x < end4) {
    best = f32x4.pmax(best, v128.load(x));
    x += 16;
  }
  let result = maxLanes(best);
  while (x < end) {
    result = max(result, load<f32>(x));
    x += 4;
  }
  return result;
}

/** x = exp(scale * x - shift) in place; returns the sum. */
export function expRow(x: usize, length: usize, scale: f32, shift: f32): f64 {
  const factor = f32x4.splat(scale);
  const minus = f32x4.splat(-shift);
  let sum = zero();
  const end4 = x + ((length & ~3) << 2);
  const end = x + (length << 2);
  while (x < end4) {
    const e = exp4(madd(v128.load(x), factor, minus));
    v128.store(x, e);
    sum = f32x4.add(sum, e);
    x += 16;
  }
  let total = sumLanes(sum);
  while (x < end) {
    const e = exp1(load<f32>(x) * scale - shift);
    store<f32>(x, e);
    total += <f64>e;
    x += 4;
  }
  return total;
}

/** Sum of exp(x - shift). */
export function expSum(x: usize, length: usize, shift: f32): f64 {
  const minus = f32x4.splat(shift);
  let sum = zero();
  const end4 = x + ((length & ~3) << 2);
  const end = x + (length << 2);
  while (x < end4) {
    sum = f32x4.add(sum, exp4(f32x4.sub(v128.load(x), minus)));
    x += 16;
  }
  let total = sumLanes(sum);
  while (x < end) {
    total += <f64>exp1(load<f32>(x) - shift);
    x += 4;
  }
  return total;
}

/** to = factor * exp(x - shift); `to` may be x. */
export function scaledExp(to: usize, x: usize, length: usize, shift: f32, factor: f32): void {
  const minus = f32x4.splat(shift);
  const f = f32x4.splat(factor);
  const end4 = x + ((length & ~3) << 2);
  const end = x + (length << 2);
  while (x < end4) {
    v128.store(to, f32x4.mul(exp4(f32x4.sub(v128.load(x), minus)), f));
    x += 16;
    to += 16;
  }
  while (x < end) {
    store<f32>(to, exp1(load<f32>(x) - shift) * factor);
    x += 4;
    to += 4;
  }
}

/** x *= factor */
export function scaleRow(x: usize, length: usize, factor: f32): void {
  const f = f32x4.splat(factor);
  const end4 = x + ((length & ~3) << 2);
  const end = x + (length << 2);
  while (x < end4) {
    v128.store(x, f32x4.mul(v128.load(x), f));
    x += 16;
  }
  while (x < end) {
    store<f32>(x, load<f32>(x) * factor);
    x += 4;
  }
}
