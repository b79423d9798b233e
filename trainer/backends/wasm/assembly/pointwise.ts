/** Kernels over single elements: activation, sums, optimizer. The last, incomplete vector goes through scratch lanes. */
import { BOARD, board } from './scratch';
import { exp4, sumLanes } from './simd';
import { barrier, partEnd, partStart, thread } from './threads';

/** Threads' parts of an array begin at multiples of this many elements: a cache line. */
export const LINE: usize = 16;

// @ts-expect-error: decorator
@inline function sigmoid4(x: v128): v128 {
  const one = f32x4.splat(1);
  return f32x4.div(one, f32x4.add(one, exp4(f32x4.neg(x))));
}

/** Four lanes from `count` (1..3) values; the others are zero. */
function loadPart(x: usize, count: usize): v128 {
  let value = f32x4.splat(0);
  value = f32x4.replace_lane(value, 0, load<f32>(x));
  if (count > 1) value = f32x4.replace_lane(value, 1, load<f32>(x, 4));
  if (count > 2) value = f32x4.replace_lane(value, 2, load<f32>(x, 8));
  return value;
}

function storePart(x: usize, value: v128, count: usize): void {
  store<f32>(x, f32x4.extract_lane(value, 0));
  if (count > 1) store<f32>(x, f32x4.extract_lane(value, 1), 4);
  if (count > 2) store<f32>(x, f32x4.extract_lane(value, 2), 8);
}

// @ts-expect-error: decorator
@inline function swiglu4(g: v128, u: v128): v128 { return f32x4.mul(f32x4.mul(g, sigmoid4(g)), u); }

export function swiglu(out: usize, gate: usize, up: usize, length: usize): void {
  const start = partStart(length, LINE);
  swigluPart(out + (start << 2), gate + (start << 2), up + (start << 2), partEnd(length, LINE) - start);
}

function swigluPart(out: usize, gate: usize, up: usize, length: usize): void {
  const bytes = (length & ~3) << 2;
  for (let at: usize = 0; at < bytes; at += 16) {
    v128.store(out + at, swiglu4(v128.load(gate + at), v128.load(up + at)));
  }
  const rest = length & 3;
  if (rest) storePart(out + bytes, swiglu4(loadPart(gate + bytes, rest), loadPart(up + bytes, rest)), rest);
}

// @ts-expect-error: decorator
@inline function dGate4(d: v128, g: v128, u: v128, s: v128): v128 {
  const one = f32x4.splat(1);
  const slope = f32x4.add(one, f32x4.mul(g, f32x4.sub(one, s)));
  return f32x4.mul(f32x4.mul(f32x4.mul(d, u), s), slope);
}

export function swigluBackward(dGate: usize, dUp: usize, dOut: usize, gate: usize, up: usize, length: usize): void {
  const start = partStart(length, LINE);
  const at = start << 2;
  swigluBackwardPart(dGate + at, dUp + at, dOut + at, gate + at, up + at, partEnd(length, LINE) - start);
}

function swigluBackwardPart(dGate: usize, dUp: usize, dOut: usize, gate: usize, up: usize, length: usize): void {
  const bytes = (length & ~3) << 2;
  for (let at: usize = 0; at < bytes; at += 16) {
    const g = v128.load(gate + at), u = v128.load(up + at), d = v128.load(dOut + at);
    const s = sigmoid4(g);
    v128.store(dUp + at, f32x4.mul(d, f32x4.mul(g, s)));
    v128.store(dGate + at, dGate4(d, g, u, s));
  }
  const rest = length & 3;
  if (rest) {
    const g = loadPart(gate + bytes, rest), u = loadPart(up + bytes, rest), d = loadPart(dOut + bytes, rest);
    const s = sigmoid4(g);
    storePart(dUp + bytes, f32x4.mul(d, f32x4.mul(g, s)), rest);
    storePart(dGate + bytes, dGate4(d, g, u, s), rest);
  }
}

export function scale(x: usize, factor: f32, length: usize): void {
  const by = f32x4.splat(factor);
  const start = partStart(length, LINE);
  const count = partEnd(length, LINE) - start;
  x += start << 2;
  const end4 = x + ((count & ~3) << 2);
  const end = x + (count << 2);
  for (; x < end4; x += 16) v128.store(x, f32x4.mul(v128.load(x), by));
  for (; x < end; x += 4) store<f32>(x, load<f32>(x) * factor);
}

/** Element i is retained, times factor, where its hash (dropoutHash of backend.ts) is at least the threshold. */
export function dropout(out: usize, x: usize, length: usize, threshold: u32, factor: f32, seed: u32, accumulate: bool): void {
  const end = partEnd(length, LINE);
  for (let i = partStart(length, LINE); i < end; i++) {
    let hash = seed + <u32>i * 0x9e3779b1;
    hash = (hash ^ (hash >>> 16)) * 0x85ebca6b;
    hash = (hash ^ (hash >>> 13)) * 0xc2b2ae35;
    hash ^= hash >>> 16;
    const value: f32 = hash >= threshold ? load<f32>(x + (i << 2)) * factor : 0;
    store<f32>(out + (i << 2), accumulate ? load<f32>(out + (i << 2)) + value : value);
  }
}

/** Values summed in f32 lanes before f64 takes over, and the number of such blocks between two barriers. */
const BLOCK: usize = 1024;
const ROUND: usize = BOARD / 8;

/** `length`: whole vectors, at most BLOCK. */
function sumSquaresBlock(x: usize, length: usize): f64 {
  let sum = f32x4.splat(0);
  const end = x + (length << 2);
  while (x < end) {
    const value = v128.load(x);
    sum = f32x4.add(sum, f32x4.mul(value, value));
    x += 16;
  }
  return sumLanes(sum);
}

/** Threads divide the blocks among them; thread 0 adds up their sums in order and returns the result. */
export function sumSquares(x: usize, length: usize): f64 {
  let total: f64 = 0;
  const whole = length & ~3;
  const blocks = (whole + BLOCK - 1) / BLOCK;
  for (let first: usize = 0; first < blocks; first += ROUND) {
    const count = min(ROUND, blocks - first);
    const end = partEnd(count, LINE);
    for (let i = partStart(count, LINE); i < end; i++) {
      const at = (first + i) * BLOCK;
      store<f64>(board() + (i << 3), sumSquaresBlock(x + (at << 2), min(BLOCK, whole - at)));
    }
    barrier();
    if (thread() == 0) for (let i: usize = 0; i < count; i++) total += load<f64>(board() + (i << 3));
    barrier();
  }
  for (let i = whole; i < length; i++) total += <f64>load<f32>(x + (i << 2)) * <f64>load<f32>(x + (i << 2));
  return total;
}

/**
 * decayFactor = 1 - learningRate * weightDecay, stepSize = learningRate / (1 - beta1^step), rootCorrection2 = 1 /
 * sqrt(1 - beta2^step), oneMinusBeta = 1 - beta.
 */
export function adamW(
  parameter: usize, gradient: usize, m: usize, v: usize, length: usize,
  scale: f32, beta1: f32, rest1: f32, beta2: f32, rest2: f32, keep: f32, rate: f32, root: f32, epsilon: f32,
): void {
  const start = partStart(length, LINE);
  const at = start << 2;
  adamWPart(
    parameter + at, gradient + at, m + at, v + at, partEnd(length, LINE) - start,
    scale, beta1, rest1, beta2, rest2, keep, rate, root, epsilon,
  );
}

function adamWPart(
  parameter: usize, gradient: usize, m: usize, v: usize, length: usize,
  scale: f32, beta1: f32, rest1: f32, beta2: f32, rest2: f32, keep: f32, rate: f32, root: f32, epsilon: f32,
): void {
  const bytes = (length & ~3) << 2;
  const scale4 = f32x4.splat(scale), b1 = f32x4.splat(beta1), r1 = f32x4.splat(rest1), b2 = f32x4.splat(beta2);
  const r2 = f32x4.splat(rest2), keep4 = f32x4.splat(keep), rate4 = f32x4.splat(rate), root4 = f32x4.splat(root);
  const eps = f32x4.splat(epsilon);
  const rest = length & 3;
  const end = bytes + (rest ? 16 : 0);
  for (let at: usize = 0; at < end; at += 16) {
    const whole = at < bytes;
    const g = f32x4.mul(whole ? v128.load(gradient + at) : loadPart(gradient + at, rest), scale4);
    let first = whole ? v128.load(m + at) : loadPart(m + at, rest);
    let second = whole ? v128.load(v + at) : loadPart(v + at, rest);
    let p = whole ? v128.load(parameter + at) : loadPart(parameter + at, rest);
    first = f32x4.add(f32x4.mul(b1, first), f32x4.mul(r1, g));
    second = f32x4.add(f32x4.mul(b2, second), f32x4.mul(r2, f32x4.mul(g, g)));
    const step = f32x4.div(f32x4.mul(rate4, first), f32x4.add(f32x4.mul(f32x4.sqrt(second), root4), eps));
    p = f32x4.sub(f32x4.mul(p, keep4), step);
    if (whole) {
      v128.store(m + at, first);
      v128.store(v + at, second);
      v128.store(parameter + at, p);
    } else {
      storePart(m + at, first, rest);
      storePart(v + at, second, rest);
      storePart(parameter + at, p, rest);
    }
  }
}
