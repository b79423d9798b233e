/** The tensors on the GPU: which are live, in which buffer, and the host's copy of index tensors. */
import { type Tensor, tensorBytes } from '../backend';
import { BackendError } from '../checks';
import type { PoolBuffer } from './buffer-pool';

/** The buffer of a tensor, and whether it holds f16. */
export interface TensorValues {
  readonly buffer: PoolBuffer;
  readonly half: boolean;
}

interface Stored {
  readonly buffer: PoolBuffer;
  /** The values of an i32 tensor. Only `write` changes them, so checks and sorting need no read-back. */
  readonly mirror: Int32Array | null;
}

export class TensorStore {
  /** A tensor that is absent was freed or belongs to another backend. */
  private readonly stored = new Map<Tensor, Stored>();
  bytesInUse = 0;

  add(length: number, dtype: Tensor['dtype'], buffer: PoolBuffer): Tensor {
    const tensor: Tensor = Object.freeze({ length, dtype });
    this.stored.set(tensor, { buffer, mirror: dtype === 'i32' ? new Int32Array(length) : null });
    this.bytesInUse += tensorBytes(tensor);
    return tensor;
  }

  /** Removes the tensor and returns its buffer to the caller. */
  remove(tensor: Tensor): PoolBuffer {
    const { buffer } = this.get(tensor);
    this.stored.delete(tensor);
    this.bytesInUse -= tensorBytes(tensor);
    return buffer;
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
