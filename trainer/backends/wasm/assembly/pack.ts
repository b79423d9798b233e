/**
 * Copies a slice of a matrix into panels: PANEL rows of C's side (rows of A, columns of B) after each other, each
 * panel laid out [k][PANEL], so that the innermost loop reads forward only. What is missing of the last panel, and of
 * k up to an even number, is zeros.
 */
import { PANEL } from './scratch';

const STEP: usize = PANEL * 4;

/** Four rows x four k, turned: `from` row-major `stride` bytes apart, `to` STEP bytes apart. */
// @ts-ignore: decorator
@inline function transpose4(from: usize, stride: usize, to: usize): void {
  const r0 = v128.load(from);
  const r1 = v128.load(from + stride);
  const r2 = v128.load(from + 2 * stride);
  const r3 = v128.load(from + 3 * stride);
  const a = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5);
  const b = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
  const c = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
  const d = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<i64>(a, b, 0, 2));
  v128.store(to, v128.shuffle<i64>(a, b, 1, 3), STEP);
  v128.store(to, v128.shuffle<i64>(c, d, 0, 2), 2 * STEP);
  v128.store(to, v128.shuffle<i64>(c, d, 1, 3), 3 * STEP);
}

/** Source rows run along k: element (i, p) at src[i * ld + p]. */
export function packRows(src: usize, ld: usize, rows: usize, k: usize, to: usize): void {
  const stride = ld << 2;
  const k4 = k & ~3;
  const even = (k + 1) & ~1;
  for (let i: usize = 0; i < rows; i += PANEL) {
    const valid = min(PANEL, rows - i);
    for (let r: usize = 0; r < PANEL; r += 4) {
      let from = src + (i + r) * stride;
      let out = to + (r << 2);
      let p: usize = 0;
      if (r + 4 <= valid) {
        for (; p < k4; p += 4) {
          transpose4(from, stride, out);
          from += 16;
          out += 4 * STEP;
        }
      }
      for (; p < even; p++) {
        for (let lane: usize = 0; lane < 4; lane++) {
          store<f32>(out + (lane << 2), r + lane < valid && p < k ? load<f32>(from + lane * stride) : 0);
        }
        from += 4;
        out += STEP;
      }
    }
    to += STEP * even;
  }
}

/** Source rows run along C's side: element (i, p) at src[p * ld + i]. */
export function packColumns(src: usize, ld: usize, rows: usize, k: usize, to: usize): void {
  const stride = ld << 2;
  for (let i: usize = 0; i < rows; i += PANEL) {
    let from = src + (i << 2);
    const valid = min(PANEL, rows - i);
    if (valid == PANEL) {
      for (let p: usize = 0; p < k; p++) {
        v128.store(to, v128.load(from));
        v128.store(to, v128.load(from, 16), 16);
        if (PANEL == 12) v128.store(to, v128.load(from, 32), 32);
        from += stride;
        to += STEP;
      }
    } else {
      const whole = valid & ~3;
      for (let p: usize = 0; p < k; p++) {
        let lane: usize = 0;
        for (; lane < whole; lane += 4) v128.store(to + (lane << 2), v128.load(from + (lane << 2)));
        for (; lane < PANEL; lane++) {
          store<f32>(to + (lane << 2), lane < valid ? load<f32>(from + (lane << 2)) : 0);
        }
        from += stride;
        to += STEP;
      }
    }
    if (k & 1) {
      memory.fill(to, 0, STEP);
      to += STEP;
    }
  }
}
