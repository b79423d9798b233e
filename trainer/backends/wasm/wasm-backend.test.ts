import { availableParallelism } from 'node:os';
import { describe, expect, it } from 'vitest';
import { OutOfMemoryError } from '../backend';
import { expectCacheIsRead } from '../contract-logit-cache';
import { seededRandom } from '../contract-session';
import { describeBackend } from '../contract-suite';
import { createBackend } from '../create-backend';
import { Heap } from './heap';
import { fastestBuild } from './load-kernels';
import { createWasmBackend } from './wasm-backend';

describeBackend('wasm (simd)', () => createWasmBackend({ build: 'simd' }));
if (fastestBuild() === 'relaxed-simd') {
  describeBackend('wasm (relaxed simd)', () => createWasmBackend({ build: 'relaxed-simd' }));
}

it('wasm does not compute cached logits again', async () => {
  const backend = await createWasmBackend();
  await expectCacheIsRead(backend);
  backend.dispose();
});

describe('wasm memory', () => {
  it('stays flat when the same work is repeated', async () => {
    const b = await createWasmBackend();
    const step = () => {
      const tensors = [70_000, 3, 500_000, 1, 64_000, 9_000_000].map((length) => b.alloc(length));
      for (const i of [2, 0, 5, 1, 4, 3]) b.free(tensors[i]!);
    };
    step();
    const reserved = b.bytesReserved;
    for (let i = 0; i < 20; i++) step();
    expect(b.bytesReserved).toBe(reserved);
    expect(b.bytesInUse).toBe(0);
    b.dispose();
  });

  it('obeys its own limit, reports it, and keeps working within it', async () => {
    const b = await createWasmBackend({ bytesLimit: 4096 });
    expect(b.bytesLimit).toBe(4096);
    const kept = b.alloc(512);
    expect(() => b.alloc(513)).toThrow(OutOfMemoryError);
    expect(b.bytesInUse).toBe(2048);
    b.free(b.alloc(512));
    b.fill(kept, 1);
    expect((await createWasmBackend()).bytesLimit).toBeGreaterThan(2 ** 32 - 2 ** 24);
    b.dispose();
  });

  it('names the numbers when nothing is left, and goes on working', async () => {
    const b = await createWasmBackend();
    const kept = b.alloc(262_144);
    const ask = () => b.alloc(2 ** 30 + 1);
    expect(ask).toThrow(OutOfMemoryError);
    expect(ask).toThrow(/out of memory: 4096\.0 MiB requested, 1\.0 MiB in use, the limit is \d+\.\d MiB/);
    b.fill(kept, 2);
    expect((await b.read(kept, 262_143))[0]).toBe(2);
    b.dispose();
  });

  it('gives no two live blocks the same bytes, in a thousand random steps', () => {
    const seed = 11;
    const random = seededRandom(seed);
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 65_536 });
    const heap = new Heap(memory, 1024);
    const live = new Map<number, { bytes: number; mark: number }>();
    for (let step = 0; step < 1000; step++) {
      if (live.size > 0 && random() < 0.5) {
        const address = [...live.keys()][Math.floor(random() * live.size)]!;
        const { bytes, mark } = live.get(address)!;
        const values = new Uint8Array(memory.buffer, address, bytes);
        expect(
          values.every((value) => value === mark),
          `block at ${address} untouched (seed ${seed}, step ${step})`,
        ).toBe(true);
        heap.free(address);
        live.delete(address);
      } else {
        const bytes = Math.floor(random() ** 3 * 200_000);
        const address = heap.alloc(bytes);
        const values = new Uint8Array(memory.buffer, address, bytes);
        expect(
          values.every((value) => value === 0),
          `zeroed (seed ${seed}, step ${step})`,
        ).toBe(true);
        const mark = 1 + (step % 255);
        values.fill(mark);
        live.set(address, { bytes, mark });
      }
    }
    for (const address of live.keys()) heap.free(address);
    expect(heap.bytesInUse).toBe(0);
    const reserved = heap.bytesReserved;
    heap.alloc(reserved - 1024);
    expect(heap.bytesReserved).toBe(reserved);
  });
});

describe('createBackend', () => {
  it('falls back to wasm, named in the description', async () => {
    const b = await createBackend({ prefer: 'webgpu' });
    expect(b.name).toBe('wasm');
    const threads = Math.min(availableParallelism(), 8);
    const words = threads === 1 ? '1 thread' : `${threads} threads`;
    expect(b.description).toMatch(new RegExp(`^CPU \\(WebAssembly .*SIMD, ${words}\\)$`));
    b.dispose();
  });

  it('does not hide NaN', async () => {
    const b = await createBackend();
    const broken = b.alloc(8);
    b.write(broken, Float32Array.of(Number.NaN, 1, 2, 3, 4, Number.NaN, 1, 1));
    const out = b.alloc(8);
    b.swigluBackward({ dGate: out, dUp: b.alloc(8), dOut: broken, gate: broken, up: broken, length: 8 });
    expect([...(await b.read(out))].map(Number.isNaN)).toEqual([true, false, false, false, false, true, false, false]);
    const targets = b.allocInt(2);
    b.logProb({
      logProb: out,
      logSumExp: b.alloc(2),
      hidden: broken,
      head: broken,
      targets,
      rows: 2,
      dim: 4,
      vocab: 2,
    });
    expect([...(await b.read(out, 0, 2))].every(Number.isNaN)).toBe(true);
    b.dispose();
  });
});
