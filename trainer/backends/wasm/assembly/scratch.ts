/**
 * Working memory of the kernels: a fixed region per thread, which the host reserves once behind the static data.
 * Nothing in it outlives a call.
 */
import { wordsEnd } from './shared-words';
import { thread } from './threads';

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
const EDGE: usize = MC * KC * 4 + KC * NC * 4;
const TILE: usize = EDGE + ROWS * PANEL * 4;
const TILE2: usize = TILE + TILE_ROWS * TILE_COLUMNS * 4;
const ROW_MAX: usize = TILE2 + QUERY_ROWS * TILE_COLUMNS * 4;
const ROW_SUM: usize = ROW_MAX + TILE_ROWS * 8;
/** Bytes of one thread's region. */
const REGION: usize = (ROW_SUM + TILE_ROWS * 8 + ALIGN - 1) & ~(ALIGN - 1);

// @ts-expect-error: decorator
@lazy const BASE: usize = wordsEnd();
// @ts-expect-error: decorator
@inline export function packA(): usize { return BASE + thread() * REGION; }
// @ts-expect-error: decorator
@inline export function packB(): usize { return packA() + MC * KC * 4; }
// @ts-expect-error: decorator
@inline export function edge(): usize { return packA() + EDGE; }
// @ts-expect-error: decorator
@inline export function tile(): usize { return packA() + TILE; }
/** Another thread's tile(). */
// @ts-expect-error: decorator
@inline export function tileOf(thread: usize): usize { return BASE + thread * REGION + TILE; }
/** A second tile, as large as attention's backward pass needs. */
// @ts-expect-error: decorator
@inline export function tile2(): usize { return packA() + TILE2; }
/** The board: BOARD bytes shared by all threads, for results that they exchange between two barriers. */
// @ts-expect-error: decorator
@inline export function board(): usize { return BASE + TILE2; }
export const BOARD: usize = QUERY_ROWS * TILE_COLUMNS * 4;
/** Per row of a tile: running maximum (f64). */
// @ts-expect-error: decorator
@inline export function rowMax(): usize { return packA() + ROW_MAX; }
/** Per row of a tile: running sum (f64). */
// @ts-expect-error: decorator
@inline export function rowSum(): usize { return packA() + ROW_SUM; }

/** First byte behind the scratch regions of `threads` threads: where the host's heap begins. */
export function heapStart(threads: usize): usize {
  return BASE + threads * REGION;
}
