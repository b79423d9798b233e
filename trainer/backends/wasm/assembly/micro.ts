/**
 * One tile of C, ROWS x up to PANEL columns, from a row group of A's panel and a panel of B. Which shape a tile has
 * depends on whether the build has fused multiply-add: see micro-3x12.ts and micro-4x8.ts.
 */
import { micro3x12, micro3x4, micro3x8 } from './micro-3x12';
import { micro4x4, micro4x8 } from './micro-4x8';
import { edge, PANEL, ROWS } from './scratch';

const STEP: usize = PANEL * 4;

/** All ROWS rows and `columns` rounded up to whole vectors; ldc in bytes. */
// @ts-expect-error: decorator
@inline function whole(
  k: usize, a: usize, b: usize, c: usize, ldc: usize, columns: usize, accumulate: bool,
): void {
  if (ASC_FEATURE_RELAXED_SIMD) {
    if (columns > 8) micro3x12(k, a, b, c, ldc, accumulate);
    else if (columns > 4) micro3x8(k, a, b, c, ldc, accumulate);
    else micro3x4(k, a, b, c, ldc, accumulate);
  } else {
    if (columns > 4) micro4x8(k, a, b, c, ldc, accumulate);
    else micro4x4(k, a, b, c, ldc, accumulate);
  }
}

/** `rows` x `columns` of values, rows `fromStride` and `toStride` bytes apart. */
function copyTile(to: usize, toStride: usize, from: usize, fromStride: usize, rows: usize, columns: usize): void {
  for (let i: usize = 0; i < rows; i++) {
    let j: usize = 0;
    for (; j + 4 <= columns; j += 4) v128.store(to + (j << 2), v128.load(from + (j << 2)));
    for (; j < columns; j++) store<f32>(to + (j << 2), load<f32>(from + (j << 2)));
    to += toStride;
    from += fromStride;
  }
}

/**
 * `rows` (1..ROWS) x `columns` (1..PANEL) of C; what a whole tile would write beyond them goes to scratch instead.
 * An element is computed the same way wherever in a tile it lies, so cutting C at other places changes no bit.
 */
export function micro(
  k: usize, a: usize, b: usize, c: usize, ldc: usize, rows: usize, columns: usize, accumulate: bool,
): void {
  if (rows == ROWS && (columns & 3) == 0) return whole(k, a, b, c, ldc, columns, accumulate);
  const tile = edge();
  if (accumulate) copyTile(tile, STEP, c, ldc, rows, columns);
  whole(k, a, b, tile, STEP, columns, accumulate);
  copyTile(c, ldc, tile, STEP, rows, columns);
}
