/**
 * Attention by tiles of QUERY_ROWS queries x TILE_COLUMNS keys of one head, with a running softmax.
 * A query row sees a run of prefix rows and then its own segment up to itself.
 */
import { gemm } from './gemm';
import { QUERY_ROWS, rowMax, rowSum, TILE_COLUMNS, tile, tile2 } from './scratch';
import { dot, expRow, rowMaximum, scaleRow } from './simd';
import { firstItem, nextItem } from './threads';

/** Keys of query row i in a tile of own-segment keys from j0: those not after it. */
// @ts-expect-error: decorator
@inline function visible(own: bool, i: usize, j0: usize, keys: usize): usize {
  if (!own || i + 1 >= j0 + keys) return keys;
  return i < j0 ? 0 : i + 1 - j0;
}

/** One tile of keys [j0, j0 + keys) for queries [i0, i0 + queries); q, out point at the head, k, v at its kv head. */
function forwardTile(
  out: usize, q: usize, k: usize, v: usize, i0: usize, queries: usize, j0: usize, keys: usize,
  own: bool, first: bool, qStride: usize, kStride: usize, headDim: usize, scale: f32,
): void {
  const t = tile();
  const maxima = rowMax();
  const sums = rowSum();
  gemm(false, false, queries, keys, headDim, q + (i0 * qStride << 2), qStride, k + (j0 * kStride << 2), kStride, t, TILE_COLUMNS, false);
  for (let i: usize = 0; i < queries; i++) {
    const row = t + (i * TILE_COLUMNS << 2);
    const count = visible(own, i0 + i, j0, keys);
    const before = load<f64>(maxima + (i << 3));
    const top = count ? Math.max(before, <f64>rowMaximum(row, count) * <f64>scale) : before;
    let sum = load<f64>(sums + (i << 3));
    if (!first && top > before) {
      const factor = Math.exp(before - top);
      sum *= factor;
      scaleRow(out + ((i0 + i) * qStride << 2), headDim, <f32>factor);
    }
    store<f64>(maxima + (i << 3), top);
    store<f64>(sums + (i << 3), sum + expRow(row, count, scale, <f32>top));
    memory.fill(row + (count << 2), 0, keys - count << 2);
  }
  gemm(false, true, queries, headDim, keys, t, TILE_COLUMNS, v + (j0 * kStride << 2), kStride, out + (i0 * qStride << 2), qStride, !first);
}

/** segments: `count` records of four i32 {start, end, prefixStart, prefixEnd}. Threads take query tiles in turn. */
export function attention(
  out: usize, logSumExp: usize, q: usize, k: usize, v: usize,
  heads: usize, kvHeads: usize, headDim: usize, segments: usize, count: usize, scale: f32,
): void {
  const qStride = heads * headDim;
  const kStride = kvHeads * headDim;
  const group = heads / kvHeads;
  const maxima = rowMax();
  const sums = rowSum();
  let mine = firstItem();
  let item: usize = 0;
  for (let s: usize = 0; s < count; s++) {
    const start = <usize>load<u32>(segments + (s << 4));
    const end = <usize>load<u32>(segments + (s << 4), 4);
    const prefixStart = <usize>load<u32>(segments + (s << 4), 8);
    const prefixEnd = <usize>load<u32>(segments + (s << 4), 12);
    for (let h: usize = 0; h < heads; h++) {
      const qh = q + (h * headDim << 2);
      const oh = out + (h * headDim << 2);
      const kh = k + (h / group * headDim << 2);
      const vh = v + (h / group * headDim << 2);
      for (let i0 = start; i0 < end; i0 += QUERY_ROWS) {
        if (item++ != mine) continue;
        mine = nextItem();
        const queries = min(QUERY_ROWS, end - i0);
        for (let i: usize = 0; i < queries; i++) {
          store<f64>(maxima + (i << 3), -f64.MAX_VALUE);
          store<f64>(sums + (i << 3), 0);
        }
        let first = true;
        for (let j0 = prefixStart; j0 < prefixEnd; j0 += TILE_COLUMNS) {
          forwardTile(oh, qh, kh, vh, i0, queries, j0, min(TILE_COLUMNS, prefixEnd - j0), false, first, qStride, kStride, headDim, scale);
          first = false;
        }
        for (let j0 = start; j0 < i0 + queries; j0 += TILE_COLUMNS) {
          forwardTile(oh, qh, kh, vh, i0, queries, j0, min(TILE_COLUMNS, i0 + queries - j0), true, first, qStride, kStride, headDim, scale);
          first = false;
        }
        for (let i: usize = 0; i < queries; i++) {
          const sum = load<f64>(sums + (i << 3));
          scaleRow(oh + ((i0 + i) * qStride << 2), headDim, <f32>(1 / sum));
          store<f32>(logSumExp + ((i0 + i) * heads + h << 2), <f32>(load<f64>(maxima + (i << 3)) + Math.log(sum)));
        }
      }
    }
  }
}

/** dScore = p * (dP - mean) * scale, in place of dP. */
function scoreGradientRow(dP: usize, p: usize, length: usize, mean: f32, scale: f32): void {
  const minus = f32x4.splat(mean);
  const factor = f32x4.splat(scale);
  const end4 = dP + ((length & ~3) << 2);
  const end = dP + (length << 2);
  while (dP < end4) {
    v128.store(dP, f32x4.mul(f32x4.mul(v128.load(p), factor), f32x4.sub(v128.load(dP), minus)));
    dP += 16;
    p += 16;
  }
  while (dP < end) {
    store<f32>(dP, load<f32>(p) * scale * (load<f32>(dP) - mean));
    dP += 4;
    p += 4;
  }
}

function backwardTile(
  dQ: usize, dK: usize, dV: usize, dOut: usize, logSumExp: usize, q: usize, k: usize, v: usize, heads: usize,
  i0: usize, queries: usize, j0: usize, keys: usize, own: bool, qStride: usize, kStride: usize, headDim: usize, scale: f32,
): void {
  const t = tile();
  const d = tile2();
  const means = rowSum();
  const iq = i0 * qStride << 2;
  const jk = j0 * kStride << 2;
  gemm(false, false, queries, keys, headDim, q + iq, qStride, k + jk, kStride, t, TILE_COLUMNS, false);
  gemm(false, false, queries, keys, headDim, dOut + iq, qStride, v + jk, kStride, d, TILE_COLUMNS, false);
  for (let i: usize = 0; i < queries; i++) {
    const row = t + (i * TILE_COLUMNS << 2);
    const dRow = d + (i * TILE_COLUMNS << 2);
    const count = visible(own, i0 + i, j0, keys);
    expRow(row, count, scale, load<f32>(logSumExp + (i * heads << 2)));
    scoreGradientRow(dRow, row, count, <f32>load<f64>(means + (i << 3)), scale);
    memory.fill(row + (count << 2), 0, keys - count << 2);
    memory.fill(dRow + (count << 2), 0, keys - count << 2);
  }
  gemm(true, true, keys, headDim, queries, t, TILE_COLUMNS, dOut + iq, qStride, dV + jk, kStride, true);
  gemm(false, true, queries, headDim, keys, d, TILE_COLUMNS, k + jk, kStride, dQ + iq, qStride, true);
  gemm(true, true, keys, headDim, queries, d, TILE_COLUMNS, q + iq, qStride, dK + jk, kStride, true);
}

/** One segment's part in the gradients of one key head and the `group` query heads that read it, from head h0. */
function backwardSegment(
  segment: usize, h0: usize, group: usize, dQ: usize, dK: usize, dV: usize, dOut: usize, out: usize, logSumExp: usize,
  q: usize, k: usize, v: usize, heads: usize, qStride: usize, kStride: usize, headDim: usize, scale: f32,
): void {
  const start = <usize>load<u32>(segment);
  const end = <usize>load<u32>(segment, 4);
  const prefixStart = <usize>load<u32>(segment, 8);
  const prefixEnd = <usize>load<u32>(segment, 12);
  const means = rowSum();
  const ko = h0 / group * headDim << 2;
  for (let h = h0; h < h0 + group; h++) {
    const qo = h * headDim << 2;
    for (let i0 = start; i0 < end; i0 += QUERY_ROWS) {
      const queries = min(QUERY_ROWS, end - i0);
      for (let i: usize = 0; i < queries; i++) {
        const at = qo + ((i0 + i) * qStride << 2);
        // sum_j p_j dP_j = dOut · out, what softmax's Jacobian subtracts.
        store<f64>(means + (i << 3), dot(dOut + at, out + at, headDim));
      }
      const lse = logSumExp + (i0 * heads + h << 2);
      for (let j0 = prefixStart; j0 < prefixEnd; j0 += TILE_COLUMNS) {
        backwardTile(
          dQ + qo, dK + ko, dV + ko, dOut + qo, lse, q + qo, k + ko, v + ko, heads,
          i0, queries, j0, min(TILE_COLUMNS, prefixEnd - j0), false, qStride, kStride, headDim, scale,
        );
      }
      for (let j0 = start; j0 < i0 + queries; j0 += TILE_COLUMNS) {
        backwardTile(
          dQ + qo, dK + ko, dV + ko, dOut + qo, lse, q + qo, k + ko, v + ko, heads,
          i0, queries, j0, min(TILE_COLUMNS, i0 + queries - j0), true, qStride, kStride, headDim, scale,
        );
      }
    }
  }
}

/**
 * dQ, dK and dV must be zero before. An item is one key head of a family: the segments between two places across which
 * no prefix reaches. All additions to a row of dK or dV happen within one item, in the order of the segments.
 */
export function attentionBackward(
  dQ: usize, dK: usize, dV: usize, dOut: usize, out: usize, logSumExp: usize, q: usize, k: usize, v: usize,
  heads: usize, kvHeads: usize, headDim: usize, segments: usize, count: usize, scale: f32,
): void {
  const group = heads / kvHeads;
  let mine = firstItem();
  let item: usize = 0;
  let last = count;
  let reach = usize.MAX_VALUE;
  for (let s = count; s-- > 0;) {
    const prefixStart = <usize>load<u32>(segments + (s << 4), 8);
    if (prefixStart < <usize>load<u32>(segments + (s << 4), 12)) reach = min(reach, prefixStart);
    if (reach < <usize>load<u32>(segments + (s << 4))) continue;
    for (let h: usize = 0; h < kvHeads; h++) {
      if (item++ != mine) continue;
      mine = nextItem();
      for (let i = s; i < last; i++) {
        backwardSegment(
          segments + (i << 4), h * group, group, dQ, dK, dV, dOut, out, logSumExp,
          q, k, v, heads, heads * headDim, kvHeads * headDim, headDim, scale,
        );
      }
    }
    last = s;
    reach = usize.MAX_VALUE;
  }
}
