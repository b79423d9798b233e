/**
 * Copies a slice of a matrix into panels: panel after panel of `width` (MR or NR) rows of C's side, each panel
 * laid out [k][width], so that the micro-kernel reads forward only. Missing rows and the slice's tail up to a
 * multiple of four are zeros.
 */

// @ts-expect-error: decorator
@inline function transpose4(src: usize, stride: usize, to: usize, step: usize): void {
  const r0 = v128.load(src);
  const r1 = v128.load(src + stride);
  const r2 = v128.load(src + 2 * stride);
  const r3 = v128.load(src + 3 * stride);
  const a = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5);
  const b = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
  const c = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
  const d = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<i64>(a, b, 0, 2));
  v128.store(to + step, v128.shuffle<i64>(a, b, 1, 3));
  v128.store(to + 2 * step, v128.shuffle<i64>(c, d, 0, 2));
  v128.store(to + 3 * step, v128.shuffle<i64>(c, d, 1, 3));
}

/** Source rows run along k: element (i, p) at src[i * ld + p]. */
export function packRows(src: usize, ld: usize, rows: usize, k: usize, width: usize, to: usize): void {
  const stride = ld << 2;
  const step = width << 2;
  const k4 = k & ~3;
  const paddedK = (k + 3) & ~3;
  for (let i: usize = 0; i < rows; i += width) {
    const panel = src + i * stride;
    const valid = min(width, rows - i);
    for (let r: usize = 0; r < width; r += 4) {
      if (r + 4 <= valid) {
        let from = panel + r * stride;
        let out = to + (r << 2);
        for (let p: usize = 0; p < k4; p += 4) {
          transpose4(from, stride, out, step);
          from += 16;
          out += step << 2;
        }
        for (let p = k4; p < paddedK; p++) {
          for (let lane: usize = 0; lane < 4; lane++) {
            store<f32>(out + (lane << 2), p < k ? load<f32>(from + lane * stride) : 0);
          }
          from += 4;
          out += step;
        }
      } else {
        for (let lane = r; lane < r + 4; lane++) {
          const from = panel + lane * stride;
          let out = to + (lane << 2);
          for (let p: usize = 0; p < paddedK; p++) {
            store<f32>(out, lane < valid && p < k ? load<f32>(from + (p << 2)) : 0);
            out += step;
          }
        }
      }
    }
    to += step * paddedK;
  }
}

/** Source rows run along C's side: element (i, p) at src[p * ld + i]. */
export function packColumns(src: usize, ld: usize, rows: usize, k: usize, width: usize, to: usize): void {
  const stride = ld << 2;
  const step = width << 2;
  const paddedK = (k + 3) & ~3;
  for (let i: usize = 0; i < rows; i += width) {
    let from = src + (i << 2);
    const valid = min(width, rows - i);
    let out = to;
    if (valid == 8) {
      for (let p: usize = 0; p < k; p++) {
        v128.store(out, v128.load(from));
        v128.store(out, v128.load(from, 16), 16);
        from += stride;
        out += 32;
      }
    } else if (valid == 4 && width == 4) {
      for (let p: usize = 0; p < k; p++) {
        v128.store(out, v128.load(from));
        from += stride;
        out += 16;
      }
    } else {
      for (let p: usize = 0; p < k; p++) {
        for (let lane: usize = 0; lane < width; lane++) {
          store<f32>(out + (lane << 2), lane < valid ? load<f32>(from + (lane << 2)) : 0);
        }
        from += stride;
        out += step;
      }
    }
    const end = to + step * paddedK;
    if (out < end) memory.fill(out, 0, end - out);
    to = end;
  }
}
