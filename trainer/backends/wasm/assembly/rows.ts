/**
 * Kernels over rows of a matrix: bias, gather, scatter, RMS norm, rotation. Threads divide the rows among them, or the
 * columns (whole vectors of them) where rows are summed into one.
 */
import { LINE } from './pointwise';
import { dot, madd } from './simd';
import { partEnd, partStart } from './threads';

/** to += from */
function addRow(to: usize, from: usize, length: usize): void {
  const end4 = to + ((length & ~3) << 2);
  const end = to + (length << 2);
  while (to < end4) {
    v128.store(to, f32x4.add(v128.load(to), v128.load(from)));
    to += 16;
    from += 16;
  }
  while (to < end) {
    store<f32>(to, load<f32>(to) + load<f32>(from));
    to += 4;
    from += 4;
  }
}

/** to += from */
export function add(to: usize, from: usize, length: usize): void {
  const start = partStart(length, LINE);
  addRow(to + (start << 2), from + (start << 2), partEnd(length, LINE) - start);
}

export function addBias(out: usize, bias: usize, rows: usize, dim: usize): void {
  const end = partEnd(rows, 1);
  for (let i = partStart(rows, 1); i < end; i++) addRow(out + ((i * dim) << 2), bias, dim);
}

export function addBiasBackward(dBias: usize, dOut: usize, rows: usize, dim: usize): void {
  const start = partStart(dim, LINE);
  const length = partEnd(dim, LINE) - start;
  for (let i: usize = 0; i < rows; i++) addRow(dBias + (start << 2), dOut + ((i * dim + start) << 2), length);
}

export function gatherRows(out: usize, table: usize, indices: usize, rows: usize, dim: usize): void {
  const end = partEnd(rows, 1);
  for (let i = partStart(rows, 1); i < end; i++) {
    memory.copy(out + ((i * dim) << 2), table + ((<usize>load<u32>(indices + (i << 2)) * dim) << 2), dim << 2);
  }
}

export function scatterAddRows(dTable: usize, dOut: usize, indices: usize, rows: usize, dim: usize): void {
  const start = partStart(dim, LINE);
  const length = partEnd(dim, LINE) - start;
  for (let i: usize = 0; i < rows; i++) {
    const to = <usize>load<u32>(indices + (i << 2)) * dim + start;
    addRow(dTable + (to << 2), dOut + ((i * dim + start) << 2), length);
  }
}

export function rmsNorm(
  out: usize,
  inverseRms: usize,
  x: usize,
  weight: usize,
  rows: usize,
  dim: usize,
  epsilon: f64,
): void {
  const dim4 = dim & ~3;
  const end = partEnd(rows, 1);
  for (let i = partStart(rows, 1); i < end; i++) {
    const from = x + ((i * dim) << 2);
    const to = out + ((i * dim) << 2);
    const inverse = <f32>(1 / Math.sqrt(dot(from, from, dim) / <f64>dim + epsilon));
    store<f32>(inverseRms + (i << 2), inverse);
    const factor = f32x4.splat(inverse);
    for (let j: usize = 0; j < dim4; j += 4) {
      v128.store(to + (j << 2), f32x4.mul(f32x4.mul(v128.load(from + (j << 2)), factor), v128.load(weight + (j << 2))));
    }
    for (let j = dim4; j < dim; j++) {
      store<f32>(to + (j << 2), load<f32>(from + (j << 2)) * inverse * load<f32>(weight + (j << 2)));
    }
  }
}

/** Sum over j of dOut * weight * x. */
function weightedDot(dOut: usize, weight: usize, x: usize, dim: usize): f64 {
  let sum = f32x4.splat(0);
  const dim4 = dim & ~3;
  for (let j: usize = 0; j < dim4; j += 4) {
    const at = j << 2;
    sum = madd(f32x4.mul(v128.load(dOut + at), v128.load(weight + at)), v128.load(x + at), sum);
  }
  let total =
    <f64>f32x4.extract_lane(sum, 0) +
    <f64>f32x4.extract_lane(sum, 1) +
    (<f64>f32x4.extract_lane(sum, 2) + <f64>f32x4.extract_lane(sum, 3));
  for (let j = dim4; j < dim; j++) {
    total += <f64>(load<f32>(dOut + (j << 2)) * load<f32>(weight + (j << 2))) * <f64>load<f32>(x + (j << 2));
  }
  return total;
}

/** dWeight += sum over rows of dOut * x * inverseRms, for columns start..end; start is a multiple of 4. */
function addWeightGradient(
  dWeight: usize,
  dOut: usize,
  x: usize,
  inverseRms: usize,
  rows: usize,
  dim: usize,
  start: usize,
  end: usize,
): void {
  const end4 = end & ~3;
  for (let i: usize = 0; i < rows; i++) {
    const row = (i * dim) << 2;
    const inverse = load<f32>(inverseRms + (i << 2));
    const inverse4 = f32x4.splat(inverse);
    for (let j = start; j < end4; j += 4) {
      const at = row + (j << 2);
      const w = dWeight + (j << 2);
      v128.store(w, madd(f32x4.mul(v128.load(dOut + at), v128.load(x + at)), inverse4, v128.load(w)));
    }
    for (let j = max(start, end4); j < end; j++) {
      const at = row + (j << 2);
      const w = dWeight + (j << 2);
      store<f32>(w, load<f32>(w) + load<f32>(dOut + at) * load<f32>(x + at) * inverse);
    }
  }
}

/** dWeight 0: not wanted. */
export function rmsNormBackward(
  dX: usize,
  dWeight: usize,
  dOut: usize,
  x: usize,
  weight: usize,
  inverseRms: usize,
  rows: usize,
  dim: usize,
  accumulate: bool,
): void {
  if (dWeight) {
    addWeightGradient(dWeight, dOut, x, inverseRms, rows, dim, partStart(dim, LINE), partEnd(dim, LINE));
  }
  const dim4 = dim & ~3;
  const end = partEnd(rows, 1);
  for (let i = partStart(rows, 1); i < end; i++) {
    const row = (i * dim) << 2;
    const inverse = load<f32>(inverseRms + (i << 2));
    const wide = <f64>inverse;
    const projection = <f32>((weightedDot(dOut + row, weight, x + row, dim) * wide * wide) / <f64>dim);
    const inverse4 = f32x4.splat(inverse);
    const projection4 = f32x4.splat(projection);
    for (let j: usize = 0; j < dim4; j += 4) {
      const at = row + (j << 2);
      const d = v128.load(dOut + at);
      const value = v128.load(x + at);
      let gradient = f32x4.mul(d, v128.load(weight + (j << 2)));
      gradient = f32x4.mul(inverse4, f32x4.sub(gradient, f32x4.mul(value, projection4)));
      v128.store(dX + at, accumulate ? f32x4.add(v128.load(dX + at), gradient) : gradient);
    }
    for (let j = dim4; j < dim; j++) {
      const at = row + (j << 2);
      const d = load<f32>(dOut + at);
      const value = load<f32>(x + at);
      const gradient = inverse * (d * load<f32>(weight + (j << 2)) - value * projection);
      store<f32>(dX + at, accumulate ? load<f32>(dX + at) + gradient : gradient);
    }
  }
}

/** direction 1 or -1. */
export function rope(
  x: usize,
  positions: usize,
  cosine: usize,
  sine: usize,
  rows: usize,
  heads: usize,
  headDim: usize,
  direction: f32,
): void {
  const half = headDim >> 1;
  const half4 = half & ~3;
  const turn = f32x4.splat(direction);
  const end = partEnd(rows, 1);
  for (let i = partStart(rows, 1); i < end; i++) {
    const table = (<usize>load<u32>(positions + (i << 2)) * half) << 2;
    const c = cosine + table;
    const s = sine + table;
    for (let h: usize = 0; h < heads; h++) {
      const lo = x + (((i * heads + h) * headDim) << 2);
      const hi = lo + (half << 2);
      for (let j: usize = 0; j < half4; j += 4) {
        const at = j << 2;
        const cos = v128.load(c + at);
        const sin = f32x4.mul(turn, v128.load(s + at));
        const first = v128.load(lo + at);
        const second = v128.load(hi + at);
        v128.store(lo + at, f32x4.sub(f32x4.mul(first, cos), f32x4.mul(second, sin)));
        v128.store(hi + at, f32x4.add(f32x4.mul(second, cos), f32x4.mul(first, sin)));
      }
      for (let j = half4; j < half; j++) {
        const at = j << 2;
        const cos = load<f32>(c + at);
        const sin = direction * load<f32>(s + at);
        const first = load<f32>(lo + at);
        const second = load<f32>(hi + at);
        store<f32>(lo + at, first * cos - second * sin);
        store<f32>(hi + at, second * cos + first * sin);
      }
    }
  }
}
