/** The head: log-probabilities of targets by tiles of rows x vocabulary, never all logits at once. */
import { gemm, gemmPart } from './gemm';
import { BOARD, board, rowMax, rowSum, TILE_COLUMNS, TILE_ROWS, tile, tileOf } from './scratch';
import { expSum, rowMaximum, scaledExp } from './simd';
import { barrier, firstItem, nextItem, partEnd, partStart, thread, threads } from './threads';

/**
 * Vocabulary tiles between two barriers. Each tile has two f64 per row on the board: its largest logit, and the sum of
 * exponentials.
 */
const ROUND: usize = BOARD / (TILE_ROWS * 16);

/** How many of `rows` rows from r0 on are among the first `cachedRows`. */
// @ts-expect-error: decorator
@inline function cachedOf(r0: usize, rows: usize, cachedRows: usize): usize {
  return cachedRows > r0 ? min(rows, cachedRows - r0) : 0;
}

/**
 * Address of the cached logits of a tile's first `cached` rows, `columns` apart: tile after tile, as the products write
 * them.
 */
// @ts-expect-error: decorator
@inline function cachedTile(cache: usize, r0: usize, cached: usize, v0: usize, vocab: usize): usize {
  return cache + (r0 * vocab + v0 * cached << 2);
}

/**
 * Logits of one tile; those of its first `cached` rows go into `cache`. Writes the target's logit to `out`, and maxima
 * and sums to the board's `slot`.
 */
function logProbTile(
  out: usize, hidden: usize, head: usize, targets: usize, rows: usize, dim: usize, v0: usize, columns: usize, slot: usize,
  cache: usize, cached: usize,
): void {
  const t = tile();
  const w = head + (v0 * dim << 2);
  gemm(false, false, cached, columns, dim, hidden, dim, w, dim, cache, columns, false);
  gemm(
    false, false, rows - cached, columns, dim, hidden + (cached * dim << 2), dim, w, dim,
    t + (cached * TILE_COLUMNS << 2), TILE_COLUMNS, false,
  );
  for (let i: usize = 0; i < rows; i++) {
    const row = i < cached ? cache + (i * columns << 2) : t + (i * TILE_COLUMNS << 2);
    const target = <usize>load<u32>(targets + (i << 2));
    if (target >= v0 && target < v0 + columns) store<f32>(out + (i << 2), load<f32>(row + (target - v0 << 2)));
    const top = rowMaximum(row, columns);
    const entry = board() + (slot * TILE_ROWS + i << 4);
    store<f64>(entry, <f64>top);
    store<f64>(entry, expSum(row, columns, top), 8);
  }
}

/**
 * Threads take vocabulary tiles in turn; after each round, every thread adds up the entries of its rows on the board,
 * in tile order. `logitCache` receives the logits of the first `cachedRows` rows, for logProbBackward.
 */
export function logProb(
  out: usize, logSumExp: usize, hidden: usize, head: usize, targets: usize, rows: usize, dim: usize, vocab: usize,
  cache: usize, cachedRows: usize,
): void {
  const maxima = rowMax();
  const sums = rowSum();
  const tiles = (vocab + TILE_COLUMNS - 1) / TILE_COLUMNS;
  let mine = firstItem();
  let before: usize = 0;
  for (let r0: usize = 0; r0 < rows; r0 += TILE_ROWS) {
    const rb = min(TILE_ROWS, rows - r0);
    const cached = cachedOf(r0, rb, cachedRows);
    const start = partStart(rb, 16);
    const end = partEnd(rb, 16);
    for (let i = start; i < end; i++) {
      store<f64>(maxima + (i << 3), -f64.MAX_VALUE);
      store<f64>(sums + (i << 3), 0);
    }
    for (let first: usize = 0; first < tiles; first += ROUND) {
      const last = min(tiles, first + ROUND);
      for (; mine < before + last; mine = nextItem()) {
        const v0 = (mine - before) * TILE_COLUMNS;
        logProbTile(
          out + (r0 << 2), hidden + (r0 * dim << 2), head, targets + (r0 << 2), rb, dim,
          v0, min(TILE_COLUMNS, vocab - v0), mine - before - first, cachedTile(cache, r0, cached, v0, vocab), cached,
        );
      }
      barrier();
      for (let slot: usize = 0; slot < last - first; slot++) {
        for (let i = start; i < end; i++) {
          const entry = board() + (slot * TILE_ROWS + i << 4);
          const old = load<f64>(maxima + (i << 3));
          const top = Math.max(old, load<f64>(entry));
          const sum = load<f64>(sums + (i << 3)) * Math.exp(old - top) + load<f64>(entry, 8) * Math.exp(load<f64>(entry) - top);
          store<f64>(maxima + (i << 3), top);
          store<f64>(sums + (i << 3), sum);
        }
      }
      barrier();
    }
    before += tiles;
    for (let i = start; i < end; i++) {
      const at = r0 + i << 2;
      const lse = load<f64>(maxima + (i << 3)) + Math.log(load<f64>(sums + (i << 3)));
      store<f32>(logSumExp + at, <f32>lse);
      store<f32>(out + at, <f32>(<f64>load<f32>(out + at) - lse));
    }
  }
}

/**
 * t = coefficient * (one-hot(target) - softmax) of one tile, with the logits of its first `cached` rows from `cache`.
 */
function logitGradientTile(
  t: usize, coefficient: usize, logSumExp: usize, hidden: usize, head: usize, targets: usize,
  rows: usize, dim: usize, v0: usize, columns: usize, cache: usize, cached: usize,
): void {
  gemm(
    false, false, rows - cached, columns, dim, hidden + (cached * dim << 2), dim, head, dim,
    t + (cached * TILE_COLUMNS << 2), TILE_COLUMNS, false,
  );
  for (let i: usize = 0; i < rows; i++) {
    const at = i << 2;
    const row = t + (i * TILE_COLUMNS << 2);
    const factor = load<f32>(coefficient + at);
    scaledExp(row, i < cached ? cache + (i * columns << 2) : row, columns, load<f32>(logSumExp + at), -factor);
    const target = <usize>load<u32>(targets + at);
    if (target >= v0 && target < v0 + columns) {
      const place = row + (target - v0 << 2);
      store<f32>(place, load<f32>(place) + factor);
    }
  }
}

/**
 * dHead 0: not wanted. dHidden must not overlap the inputs. In a round, each thread computes the gradient of one tile
 * of logits and adds its part of dHead; then every thread adds the round's tiles, in their order, to its part of
 * dHidden. Rows are processed together whether or not they are cached, so that sums over them keep their order.
 */
export function logProbBackward(
  dHidden: usize, dHead: usize, coefficient: usize, logSumExp: usize, hidden: usize, head: usize, targets: usize,
  rows: usize, dim: usize, vocab: usize, cache: usize, cachedRows: usize,
): void {
  const round = threads() * TILE_COLUMNS;
  for (let r0: usize = 0; r0 < rows; r0 += TILE_ROWS) {
    const rb = min(TILE_ROWS, rows - r0);
    const cached = cachedOf(r0, rb, cachedRows);
    const h = hidden + (r0 * dim << 2);
    const at = r0 << 2;
    for (let first: usize = 0; first < vocab; first += round) {
      const v0 = first + thread() * TILE_COLUMNS;
      if (v0 < vocab) {
        const columns = min(TILE_COLUMNS, vocab - v0);
        const w = head + (v0 * dim << 2);
        logitGradientTile(
          tile(), coefficient + at, logSumExp + at, h, w, targets + at, rb, dim, v0, columns,
          cachedTile(cache, r0, cached, v0, vocab), cached,
        );
        if (dHead) gemm(true, true, columns, dim, rb, tile(), TILE_COLUMNS, h, dim, dHead + (v0 * dim << 2), dim, true);
      }
      barrier();
      for (let i: usize = 0; i < threads(); i++) {
        const v = first + i * TILE_COLUMNS;
        if (v >= vocab) break;
        gemmPart(
          thread(), threads(), false, true, rb, dim, min(TILE_COLUMNS, vocab - v), tileOf(i), TILE_COLUMNS,
          head + (v * dim << 2), dim, dHidden + (r0 * dim << 2), dim, v > 0,
        );
      }
      barrier();
    }
  }
}
