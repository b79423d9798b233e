/**
 * Parts of a buffer that a kernel can bind. A device limits the size of one binding, and bindings start at multiples of
 * 256 bytes, so larger tensors are processed window by window.
 */
import type { PoolBuffer } from './buffer-pool';
import type { View } from './recorder';

/** Bytes to which starts of bindings are aligned. */
const ALIGNED = 256;

export interface Window {
  readonly view: View;
  /** Element of the view at which the range begins: a multiple of 4 when the range's start is. */
  readonly start: number;
}

/**
 * The range [first, first + count) of elements; the whole buffer where it can be bound, so that bind groups can be
 * reused.
 */
export function windowOf(
  buffer: PoolBuffer,
  first: number,
  count: number,
  maxBinding: number,
  elementBytes: 2 | 4 = 4,
): Window {
  if (buffer.bytes <= maxBinding) return { view: { buffer, offset: 0, bytes: buffer.bytes }, start: first };
  const offset = Math.floor((first * elementBytes) / ALIGNED) * ALIGNED;
  const end = Math.ceil(((first + count) * elementBytes) / ALIGNED) * ALIGNED;
  return {
    view: { buffer, offset, bytes: Math.min(end, buffer.bytes) - offset },
    start: first - offset / elementBytes,
  };
}

/** Most elements of a window, wherever it starts. */
export function windowElements(maxBinding: number, elementBytes: 2 | 4 = 4): number {
  return (maxBinding - ALIGNED) / elementBytes;
}

/** Calls `visit` for consecutive ranges that fit one binding each; all begin aligned, f16 or not. */
export function forEachWindow(length: number, maxBinding: number, visit: (first: number, count: number) => void): void {
  const most = Math.floor(maxBinding / (2 * ALIGNED)) * (ALIGNED / 2);
  for (let first = 0; first < length; first += most) visit(first, Math.min(most, length - first));
}
