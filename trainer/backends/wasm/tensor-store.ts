/** The tensors in one linear memory: which are live, at which address, and typed views of their values. */
import type { Tensor } from '../backend';
import { BackendError } from '../checks';
import { Heap } from './heap';

export class TensorStore {
  /** Address of every live tensor; a tensor that is absent was freed or belongs to another backend. */
  private readonly addresses = new Map<Tensor, number>();
  private readonly heap: Heap;
  private live = 0;

  constructor(
    private readonly memory: WebAssembly.Memory,
    heapStart: number,
    bytesLimit?: number,
  ) {
    this.heap = new Heap(memory, heapStart, bytesLimit);
  }

  get bytesInUse(): number {
    return this.live;
  }

  get bytesLimit(): number {
    return this.heap.bytesLimit;
  }

  get bytesReserved(): number {
    return this.heap.bytesReserved;
  }

  alloc(length: number, dtype: 'f32' | 'i32'): Tensor {
    const address = this.heap.alloc(length * 4);
    const tensor: Tensor = Object.freeze({ length, dtype });
    this.addresses.set(tensor, address);
    this.live += length * 4;
    return tensor;
  }

  free(tensor: Tensor): void {
    this.heap.free(this.address(tensor));
    this.addresses.delete(tensor);
    this.live -= tensor.length * 4;
  }

  clear(): void {
    for (const tensor of [...this.addresses.keys()]) this.free(tensor);
  }

  address(tensor: Tensor): number {
    const address = this.addresses.get(tensor);
    if (address === undefined) throw new BackendError('this tensor was freed, or is not of this backend');
    return address;
  }

  /** Views are detached when memory grows, so they must be used at once and not stored. */
  floats(tensor: Tensor): Float32Array {
    const address = this.address(tensor);
    if (tensor.dtype !== 'f32') throw new BackendError('this tensor must be f32, not i32');
    return new Float32Array(this.memory.buffer, address, tensor.length);
  }

  ints(tensor: Tensor): Int32Array {
    const address = this.address(tensor);
    if (tensor.dtype !== 'i32') throw new BackendError('this tensor must be i32, not f32');
    return new Int32Array(this.memory.buffer, address, tensor.length);
  }
}
