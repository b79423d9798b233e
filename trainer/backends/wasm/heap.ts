/**
 * A heap in linear memory. Its bookkeeping lives on the host, so kernels cannot damage it. Allocation is best fit, and
 * free neighbours are merged at once: repeated equal work reuses the same blocks, and memory stays flat.
 */

import { message } from '../../contract/message';
import { OutOfMemoryError } from '../backend';

const PAGE = 65_536;
const ALIGN = 64;
/** 4 GiB less one page: the largest memory whose every address and length still fits 32 bits. */
export const LARGEST_MEMORY = 65_535 * PAGE;
/** Memory grows by at least this much, since every growth detaches the views of it. */
const GROWTH = 256 * PAGE;

interface Block {
  start: number;
  size: number;
}

export class Heap {
  /** Free blocks by address; never two adjacent ones. */
  private readonly blocks: Block[] = [];
  private readonly sizes = new Map<number, number>();
  private end: number;
  private used = 0;

  private readonly limit: number;

  /** `limit`: most bytes to allocate. Default and maximum: what 32-bit addresses reach. */
  constructor(
    private readonly memory: WebAssembly.Memory,
    start: number,
    limit = LARGEST_MEMORY,
  ) {
    this.limit = Math.min(LARGEST_MEMORY - start, limit);
    this.end = memory.buffer.byteLength;
    if (this.end <= start) this.end += this.tryGrow(start + ALIGN - this.end);
    if (this.end <= start) throw new OutOfMemoryError(message('kernelsMemory', { bytes: megabytes(start) }));
    this.blocks.push({ start, size: this.end - start });
  }

  get bytesInUse(): number {
    return this.used;
  }

  get bytesLimit(): number {
    return this.limit;
  }

  /** Bytes of linear memory, free blocks and kernels' scratch included. */
  get bytesReserved(): number {
    return this.end;
  }

  /** Address of `bytes` zeroed bytes, aligned to 64. */
  alloc(bytes: number): number {
    const size = Math.max(ALIGN, Math.ceil(bytes / ALIGN) * ALIGN);
    if (this.used + size > this.limit) throw this.outOfMemory(size);
    let index = this.bestFit(size);
    if (index < 0) {
      this.grow(size);
      index = this.bestFit(size);
    }
    const block = this.blocks[index]!;
    const address = block.start;
    if (block.size === size) this.blocks.splice(index, 1);
    else {
      block.start += size;
      block.size -= size;
    }
    this.sizes.set(address, size);
    this.used += size;
    new Uint8Array(this.memory.buffer, address, size).fill(0);
    return address;
  }

  free(address: number): void {
    const size = this.sizes.get(address);
    if (size === undefined) throw new Error(`heap: nothing was allocated at ${address}`);
    this.sizes.delete(address);
    this.used -= size;
    this.insert({ start: address, size });
  }

  private bestFit(size: number): number {
    let best = -1;
    for (const [i, block] of this.blocks.entries()) {
      if (block.size >= size && (best < 0 || block.size < this.blocks[best]!.size)) best = i;
    }
    return best;
  }

  private insert(block: Block): void {
    let low = 0;
    let high = this.blocks.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.blocks[middle]!.start < block.start) low = middle + 1;
      else high = middle;
    }
    const before = this.blocks[low - 1];
    const after = this.blocks[low];
    const joinsBefore = before !== undefined && before.start + before.size === block.start;
    const joinsAfter = after !== undefined && block.start + block.size === after.start;
    if (joinsBefore && joinsAfter) {
      before.size += block.size + after.size;
      this.blocks.splice(low, 1);
    } else if (joinsBefore) before.size += block.size;
    else if (joinsAfter) {
      after.start = block.start;
      after.size += block.size;
    } else this.blocks.splice(low, 0, block);
  }

  private grow(size: number): void {
    const last = this.blocks.at(-1);
    const tail = last !== undefined && last.start + last.size === this.end ? last.size : 0;
    const needed = size - tail;
    if (this.end + needed > LARGEST_MEMORY) throw this.outOfMemory(size);
    const wanted = Math.min(Math.max(needed, GROWTH), LARGEST_MEMORY - this.end);
    const added = this.tryGrow(wanted) || this.tryGrow(needed);
    if (!added) throw this.outOfMemory(size);
    this.insert({ start: this.end, size: added });
    this.end += added;
  }

  private outOfMemory(size: number): OutOfMemoryError {
    return new OutOfMemoryError(
      message('outOfMemory', { asked: megabytes(size), used: megabytes(this.used), limit: megabytes(this.limit) }),
    );
  }

  /** Bytes added, 0 when the engine refuses. */
  private tryGrow(bytes: number): number {
    const pages = Math.ceil(bytes / PAGE);
    try {
      this.memory.grow(pages);
      return pages * PAGE;
    } catch {
      return 0;
    }
  }
}

function megabytes(bytes: number): string {
  return `${(bytes / 1_048_576).toFixed(1)} MiB`;
}
