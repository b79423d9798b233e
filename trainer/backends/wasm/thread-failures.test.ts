import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Worker, WorkerOptions } from 'node:worker_threads';
import { build } from 'esbuild';
import { afterEach, describe, expect, it } from 'vitest';
import { loadThreads, type ThreadOptions } from './thread-pool';
import { createWasmBackend } from './wasm-backend';

const threadsOfNode = process.getBuiltinModule('worker_threads');
const { Worker: RealWorker } = threadsOfNode;
afterEach(() => {
  threadsOfNode.Worker = RealWorker;
});

/** Collects the workers started from now on, after changing their source. */
function watchWorkers(change = (source: string) => source): Worker[] {
  const workers: Worker[] = [];
  threadsOfNode.Worker = class extends RealWorker {
    constructor(source: string, options: WorkerOptions) {
      super(change(source), options);
      workers.push(this);
    }
  } as typeof RealWorker;
  return workers;
}

const MIB = 1_048_576;

/**
 * Kernels on two threads, and an address before which 4 MiB exist and behind which they do not: the half of the worker.
 */
async function nearMemoryEnd(options: ThreadOptions = {}) {
  const pool = await loadThreads('simd', 2, { timeoutSeconds: 3, ...options });
  pool.memory.grow((32 * MIB - pool.memory.buffer.byteLength) / 65_536);
  return { pool, kernels: pool.kernels, boundary: 28 * MIB, length: (8 * MIB) / 4 };
}

describe('a worker that fails', () => {
  it('fails the call, whether others wait for it at a barrier or at the end, and every later call', async () => {
    for (const op of ['sumSquares', 'swiglu'] as const) {
      const { pool, kernels, boundary, length } = await nearMemoryEnd();
      const call = () =>
        op === 'sumSquares'
          ? kernels.sumSquares({ x: boundary, length })
          : kernels.swiglu({ out: 16 * MIB, gate: boundary, up: boundary, length });
      expect(call).toThrow(/a CPU thread failed: memory access out of bounds/);
      expect(() => kernels.sumSquares({ x: pool.heapStart, length: 1 })).toThrow(/a CPU thread failed/);
      pool.close();
    }
  });

  it('control: a worker that does not publish its failure leaves the caller waiting until the timeout', async () => {
    watchWorkers((source) => source.replace('kernels.publishFailure();', ''));
    const { pool, kernels, boundary, length } = await nearMemoryEnd({ timeoutSeconds: 1 });
    const begin = performance.now();
    expect(() => kernels.sumSquares({ x: boundary, length })).toThrow('a CPU thread failed: no answer for 1 s');
    expect(performance.now() - begin).toBeGreaterThan(990);
    pool.close();
  });

  it('is detected when it ends between two calls, or during one', async () => {
    const workers = watchWorkers();
    const { pool, kernels } = await nearMemoryEnd();
    await workers[0]!.terminate();
    expect(() => kernels.sumSquares({ x: pool.heapStart, length: 1 })).toThrow(
      /a CPU thread failed: thread 1: it ended/,
    );

    const second = await nearMemoryEnd({ timeoutSeconds: 1 });
    void workers[1]!.terminate();
    const call = () => {
      for (;;) second.kernels.sumSquares({ x: pool.heapStart, length: MIB });
    };
    expect(call).toThrow(/a CPU thread failed: no answer for 1 s/);
  });

  it('at the start fails the start, or falls back to one thread where the number is automatic', async () => {
    watchWorkers((source) => source.replace('new WebAssembly.Instance', 'new WebAssembly.Nonsense'));
    const threads = createWasmBackend({ threads: 2 });
    await expect(threads).rejects.toThrow(/CPU threads could not be started: .*Nonsense/);
    const b = await createWasmBackend({ threads: 'automatic' });
    expect(b.description).toContain('1 thread)');
    b.dispose();
  });

  it('leaves the backend disposable; a call that runs on the calling thread alone fails with its own error', async () => {
    const { pool, kernels } = await nearMemoryEnd({ shareFrom: Number.POSITIVE_INFINITY });
    expect(() => kernels.sumSquares({ x: 40 * MIB, length: 8 })).toThrow(/out of bounds/);
    expect(kernels.sumSquares({ x: pool.heapStart, length: 8 })).toBe(0);
    pool.close();
    expect(() => kernels.sumSquares({ x: pool.heapStart, length: 8 })).toThrow(/disposed/);
  });
});

describe('workers', () => {
  it('end with dispose', async () => {
    const workers = watchWorkers();
    const b = await createWasmBackend({ threads: 4 });
    expect(workers).toHaveLength(3);
    const ends = Promise.all(workers.map((worker) => once(worker, 'exit')));
    b.dispose();
    await ends;
    expect(workers.map(({ threadId }) => threadId)).toEqual([-1, -1, -1]);
  });

  it('keep no process alive', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'rescue-threads-'));
    try {
      const outfile = join(dir, 'forgotten.mjs');
      const path = JSON.stringify(fileURLToPath(new URL('./wasm-backend.ts', import.meta.url)));
      const contents = `import { createWasmBackend } from ${path};
        const b = await createWasmBackend({ threads: 3, shareFrom: 0 });
        b.fill(b.alloc(100), 1);
        console.log(b.description);`;
      await build({ stdin: { contents, resolveDir: dir }, bundle: true, platform: 'node', format: 'esm', outfile });
      const { status, stdout } = spawnSync(process.execPath, [outfile], { encoding: 'utf8', timeout: 30_000 });
      expect(stdout).toContain('3 threads');
      expect(status).toBe(0);
    } finally {
      rmSync(dir, { recursive: true });
    }
  });
});
