/**
 * f16 and bf16 <-> f32, the two 16-bit formats of safetensors files. Narrowing rounds to nearest, ties to even, as
 * PyTorch does; NaN stays NaN, values beyond f16's range become infinity.
 */
const f32 = new Float32Array(1);
const bits = new Uint32Array(f32.buffer);

/** The 16 bits of the f16 nearest to `value`. */
export function toHalf(value: number): number {
  f32[0] = value;
  const x = bits[0] as number;
  const sign = (x >>> 16) & 0x8000;
  const magnitude = x & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00;
  // 65520 and above round to infinity; 0x477ff000 is 65520 in f32.
  if (magnitude >= 0x477ff000) return sign | 0x7c00;
  if (magnitude >= 0x38800000) {
    const odd = (magnitude >>> 13) & 1;
    return sign | ((magnitude - 0x38000000 + 0xfff + odd) >>> 13);
  }
  // Below 2^-14 the result is subnormal: a multiple of 2^-24. At or below 2^-25 it is zero (the tie goes to even).
  if (magnitude <= 0x33000000) return sign;
  const shift = 126 - (magnitude >>> 23);
  const mantissa = (magnitude & 0x7fffff) | 0x800000;
  const odd = (mantissa >>> shift) & 1;
  return sign | ((mantissa + (1 << (shift - 1)) - 1 + odd) >>> shift);
}

/** The f32 value of 16 bits read as f16; exact. */
export function fromHalf(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >>> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** The 16 bits of the bf16 nearest to `value`. */
export function toBrainFloat(value: number): number {
  f32[0] = value;
  const x = bits[0] as number;
  if ((x & 0x7fffffff) > 0x7f800000) return ((x >>> 16) & 0x8000) | 0x7fc0;
  return ((x + 0x7fff + ((x >>> 16) & 1)) >>> 16) & 0xffff;
}

let halfTable: Float32Array | undefined;

/** Widens little-endian f16 bytes into `out`. A table of all 65,536 values: 256 KB, made once. */
export function widenHalf(out: Float32Array, bytes: Uint8Array): void {
  halfTable ??= Float32Array.from({ length: 65536 }, (_, half) => fromHalf(half));
  for (let i = 0; i < out.length; i++) {
    out[i] = halfTable[(bytes[2 * i] as number) | ((bytes[2 * i + 1] as number) << 8)] as number;
  }
}

/** Widens little-endian bf16 bytes into `out`. */
export function widenBrainFloat(out: Float32Array, bytes: Uint8Array): void {
  const words = new Uint32Array(out.buffer, out.byteOffset, out.length);
  for (let i = 0; i < out.length; i++) {
    words[i] = ((bytes[2 * i] as number) << 16) | ((bytes[2 * i + 1] as number) << 24);
  }
}

/** As f16, two in a word of 32 bits, the first in its lower half; the words' own bytes are in the host's order. */
export function packHalves(values: Float32Array): Int32Array {
  const words = new Int32Array(Math.ceil(values.length / 2));
  for (let i = 0; i < values.length; i += 2) {
    const second = i + 1 < values.length ? toHalf(values[i + 1] as number) : 0;
    words[i >> 1] = toHalf(values[i] as number) | (second << 16);
  }
  return words;
}

/** The first `length` values of what `packHalves` packed; the words' bits may come as floats. */
export function unpackHalves(words: Float32Array | Int32Array, length: number): Float32Array {
  const out = new Float32Array(length);
  const bits = new Int32Array(words.buffer, words.byteOffset, words.length);
  for (let i = 0; i < length; i++) out[i] = fromHalf(((bits[i >> 1] as number) >>> (i % 2 ? 16 : 0)) & 0xffff);
  return out;
}
