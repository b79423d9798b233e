/**
 * Working memory of the kernels: one fixed region that the host reserves once behind the static data.
 * Nothing in it outlives a call.
 */

/** Matmul blocking: C is computed in blocks of MC x NC over slices of KC; A and B are packed in panels of PANEL. */
export const PANEL: usize = ASC_FEATURE_RELAXED_SIMD ? 12 : 8;
export const MC: usize = ASC_FEATURE_RELAXED_SIMD ? 132 : 128;
export const KC: usize = 320;
export const NC: usize = ASC_FEATURE_RELAXED_SIMD ? 1020 : 1024;
/** Rows of C held in registers at once: a divisor of PANEL, which divides MC and NC. */
export const ROWS: usize = ASC_FEATURE_RELAXED_SIMD ? 3 : 4;

/** A tile of logits or attention scores: TILE_ROWS x TILE_COLUMNS. */
export const TILE_ROWS: usize = 512;
export const TILE_COLUMNS: usize = 516;
/** Queries handled at once in attention. */
export const QUERY_ROWS: usize = 64;

const ALIGN: usize = 64;

// @ts-expect-error: decorator
@lazy export const BASE: usize = (__heap_base + ALIGN - 1) & ~(ALIGN - 1);
// @ts-expect-error: decorator
@inline export function packA(): usize { return BASE; }
// @ts-expect-error: decorator
@inline export function packB(): usize { return packA() + MC * KC * 4; }
// @ts-expect-error: decorator
@inline export function edge(): usize { return packB() + KC * NC * 4; }
// @ts-expect-error: decorator
@inline export function tile(): usize { return edge() + ROWS * PANEL * 4; }
/** A second tile, as large as attention's backward pass needs. */
// @ts-expect-error: decorator
@inline export function tile2(): usize { return tile() + TILE_ROWS * TILE_COLUMNS * 4; }
/** Per row of a tile: running maximum (f64). */
// @ts-expect-error: decorator
@inline export function rowMax(): usize { return tile2() + QUERY_ROWS * TILE_COLUMNS * 4; }
/** Per row of a tile: running sum (f64). */
// @ts-expect-error: decorator
@inline export function rowSum(): usize { return rowMax() + TILE_ROWS * 8; }

/** First byte behind the scratch region: where the host's heap begins. */
export function heapStart(): usize {
  return (rowSum() + TILE_ROWS * 8 + ALIGN - 1) & ~(ALIGN - 1);
}
