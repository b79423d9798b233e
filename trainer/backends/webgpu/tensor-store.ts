/** The tensors on the GPU: which are live, in which buffer, and the host's copy of index tensors. */
import { type Tensor, tensorBytes } from '../backend';
import { BackendError } from '../checks';
import { type PoolBuffer, partOf } from './buffer-pool';

/** The buffer of a tensor, and whether it holds f16. */
export interface TensorValues {
  readonly buffer: PoolBuffer;
  readonly half: boolean;
}

export interface Run {
  /** The tensor that covers the parts, gaps between them included; the part itself where it is alone. */
  readonly whole: Tensor;
  readonly parts: readonly Tensor[];
}

/** Elements between the starts of parts: 256 bytes of f16, at a multiple of which bindings begin. */
const PART_ELEMENTS = 128;

/** Elements that a part takes in its whole. */
export const roomFor = (length: number) => Math.max(1, Math.ceil(length / PART_ELEMENTS)) * PART_ELEMENTS;

interface Stored {
  readonly buffer: PoolBuffer;
  /** The values of an i32 tensor. Only `write` changes them, so checks and sorting need no read-back. */
  readonly mirror: Int32Array | null;
  /** What it is a part of. */
  readonly whole: Whole | null;
}

/** Tensors behind each other in one buffer. */
interface Whole {
  readonly tensor: Tensor;
  readonly buffer: PoolBuffer;
  readonly parts: Set<Tensor>;
}

export class TensorStore {
  /** A tensor that is absent was freed or belongs to another backend. */
  private readonly stored = new Map<Tensor, Stored>();
  bytesInUse = 0;

  add(length: number, dtype: Tensor['dtype'], buffer: PoolBuffer): Tensor {
    const tensor: Tensor = Object.freeze({ length, dtype });
    this.stored.set(tensor, { buffer, mirror: dtype === 'i32' ? new Int32Array(length) : null, whole: null });
    this.bytesInUse += tensorBytes(tensor);
    return tensor;
  }

  /** Adds tensors of these lengths behind each other, from the buffer's start on; `roomFor(length)` elements each. */
  addTogether(lengths: readonly number[], dtype: 'f32' | 'f16', buffer: PoolBuffer): Tensor[] {
    const total = lengths.reduce((sum, length) => sum + roomFor(length), 0);
    const whole: Whole = { tensor: Object.freeze({ length: total, dtype }), buffer, parts: new Set() };
    this.stored.set(whole.tensor, { buffer, mirror: null, whole: null });
    const elementBytes = dtype === 'f16' ? 2 : 4;
    let start = 0;
    return lengths.map((length) => {
      const bytes = roomFor(length) * elementBytes;
      const tensor = this.add(length, dtype, partOf(buffer, start, bytes));
      this.stored.set(tensor, { ...this.get(tensor), whole });
      whole.parts.add(tensor);
      start += bytes;
      return tensor;
    });
  }

  /** Removes the tensor and returns its buffer to the caller; null while other parts of the buffer are in use. */
  remove(tensor: Tensor): PoolBuffer | null {
    const { buffer, whole } = this.get(tensor);
    this.stored.delete(tensor);
    this.bytesInUse -= tensorBytes(tensor);
    if (!whole) return buffer;
    whole.parts.delete(tensor);
    if (whole.parts.size > 0) return null;
    this.stored.delete(whole.tensor);
    return whole.buffer;
  }

  /** The tensors in runs: all parts of a whole, where all are among them, or one tensor; by the first of each. */
  runs(tensors: readonly Tensor[]): Run[] {
    const among = new Set(tensors);
    const done = new Set<Tensor>();
    const runs: Run[] = [];
    for (const tensor of tensors) {
      if (done.has(tensor)) continue;
      const { whole } = this.get(tensor);
      const parts = whole && [...whole.parts].every((part) => among.has(part)) ? [...whole.parts] : [tensor];
      runs.push({ whole: parts.length > 1 ? whole!.tensor : tensor, parts });
      for (const part of parts) done.add(part);
    }
    return runs;
  }

  buffer(tensor: Tensor): PoolBuffer {
    return this.get(tensor).buffer;
  }

  floats(tensor: Tensor): PoolBuffer {
    const { buffer } = this.get(tensor);
    if (tensor.dtype !== 'f32') throw new BackendError(`this tensor must be f32, not ${tensor.dtype}`);
    return buffer;
  }

  /** f32, or f16. */
  values(tensor: Tensor): TensorValues {
    return tensor.dtype === 'f16'
      ? { buffer: this.buffer(tensor), half: true }
      : { buffer: this.floats(tensor), half: false };
  }

  ints(tensor: Tensor): Int32Array {
    const { mirror } = this.get(tensor);
    if (!mirror) throw new BackendError('this tensor must be i32');
    return mirror;
  }

  clear(): void {
    this.stored.clear();
    this.bytesInUse = 0;
  }

  private get(tensor: Tensor): Stored {
    const stored = this.stored.get(tensor);
    if (!stored) throw new BackendError('this tensor was freed, or is not of this backend');
    return stored;
  }
}
