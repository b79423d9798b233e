/**
 * GPU buffers by size class. Released buffers are reused, so that a training loop creates none after its first step.
 */

import { type Message, message } from '../../contract/message';
import { OutOfMemoryError } from '../backend';
import { BackendError } from '../checks';

export interface PoolBuffer {
  /** Of the GPU buffer: unique, not reused even after it is destroyed. */
  readonly id: number;
  readonly gpu: GPUBuffer;
  /** Where it begins in the GPU buffer, in bytes: a multiple of 256, and 0 unless it is a part. */
  readonly start: number;
  readonly bytes: number;
  /** Serial number of the last batch of commands that used it: see Recorder. */
  usedIn: number;
  /** Grows with every command that writes to the GPU buffer, in whatever part. */
  version: number;
}

/** Part of a buffer, to be used as one of its own. `start` and `bytes` are multiples of 256. */
export function partOf(whole: PoolBuffer, start: number, bytes: number): PoolBuffer {
  return {
    id: whole.id,
    gpu: whole.gpu,
    start: whole.start + start,
    bytes,
    get usedIn() {
      return whole.usedIn;
    },
    set usedIn(batch) {
      whole.usedIn = batch;
    },
    get version() {
      return whole.version;
    },
    set version(version) {
      whole.version = version;
    },
  };
}

const MIB = 2 ** 20;

/** Rounded up so that at most an eighth, and at most a MiB, is lost; a multiple of 256 as bindings need it. */
export function sizeClass(bytes: number): number {
  const step = Math.min(MIB, Math.max(256, 2 ** (Math.floor(Math.log2(Math.max(bytes, 1))) - 3)));
  return Math.max(1, Math.ceil(bytes / step)) * step;
}

const mib = (bytes: number) => `${(bytes / MIB).toFixed(1)} MiB`;

export function outOfMemory(asked: number, inUse: number, limit: string | Message): OutOfMemoryError {
  return new OutOfMemoryError(message('outOfMemory', { asked: mib(asked), used: mib(inUse), limit }));
}

export interface PoolOptions {
  /** Bytes that all buffers together may take. */
  readonly memoryLimit?: number;
  readonly onError: (error: Error) => void;
  /** Called when a buffer is destroyed, so that references to it can be dropped. */
  readonly onDestroy: (buffer: PoolBuffer) => void;
}

export class BufferPool {
  /** Bytes of all buffers, free ones included. */
  bytesReserved = 0;
  /** Buffers created so far: constant once a loop has settled. */
  created = 0;
  private readonly free = new Map<number, PoolBuffer[]>();
  private readonly all = new Set<PoolBuffer>();

  constructor(
    private readonly device: GPUDevice,
    private readonly options: PoolOptions,
  ) {}

  /** `zeroed` says whether its content is known to be zero. Throws OutOfMemoryError. */
  acquire(bytes: number, usage = GPUBufferUsage.STORAGE): { buffer: PoolBuffer; zeroed: boolean } {
    const size = sizeClass(bytes);
    const recycled = usage === GPUBufferUsage.STORAGE ? this.free.get(size)?.pop() : undefined;
    if (recycled) return { buffer: recycled, zeroed: false };
    return { buffer: this.create(size, usage), zeroed: true };
  }

  /**
   * A buffer for temporary use: any free one that is large enough, less than twice as large, and of at most `most`
   * bytes, so that blocks of many lengths share a few. Throws OutOfMemoryError.
   */
  borrow(bytes: number, most: number): PoolBuffer {
    const size = sizeClass(bytes);
    let best = size;
    if (!this.free.get(size)?.length) {
      for (const [candidate, list] of this.free) {
        const fits = candidate > size && candidate <= Math.min(2 * size, most) && list.length > 0;
        if (fits && (best === size || candidate < best)) best = candidate;
      }
    }
    return this.free.get(best)?.pop() ?? this.create(size, GPUBufferUsage.STORAGE);
  }

  release(buffer: PoolBuffer): void {
    const list = this.free.get(buffer.bytes);
    if (list) list.push(buffer);
    else this.free.set(buffer.bytes, [buffer]);
  }

  destroy(buffer: PoolBuffer): void {
    if (!this.all.delete(buffer)) throw new BackendError('this buffer was destroyed before');
    buffer.gpu.destroy();
    this.bytesReserved -= buffer.bytes;
    this.options.onDestroy(buffer);
  }

  destroyAll(): void {
    this.free.clear();
    for (const buffer of [...this.all]) this.destroy(buffer);
  }

  private trim(): void {
    for (const list of this.free.values()) for (const buffer of list) this.destroy(buffer);
    this.free.clear();
  }

  private create(size: number, usage: number): PoolBuffer {
    const { device, options } = this;
    const { memoryLimit = Number.POSITIVE_INFINITY } = options;
    const largest = device.limits.maxBufferSize;
    if (size > largest) {
      throw outOfMemory(size, this.bytesReserved, message('limitOfBuffer', { bytes: mib(largest) }));
    }
    if (this.bytesReserved + size > memoryLimit) this.trim();
    if (this.bytesReserved + size > memoryLimit) {
      throw outOfMemory(size, this.bytesReserved, mib(memoryLimit));
    }
    // The device reports later whether it had the memory; then every op and read from there on throws.
    const inUse = this.bytesReserved;
    device.pushErrorScope('out-of-memory');
    const gpu = device.createBuffer({ size, usage: usage | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST });
    void device
      .popErrorScope()
      .then((error) => error && options.onError(outOfMemory(size, inUse, message('whatDeviceHas'))))
      .catch(() => {});
    const buffer: PoolBuffer = { id: this.created++, gpu, start: 0, bytes: size, usedIn: -1, version: 0 };
    this.bytesReserved += size;
    this.all.add(buffer);
    return buffer;
  }
}
