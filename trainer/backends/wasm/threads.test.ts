import { describe, expect, it } from 'vitest';
import { reuseBackends } from '../contract-backend-reuse';
import { describeBackend } from '../contract-suite';
import { createWasmBackend } from './wasm-backend';

describeBackend(
  'wasm (2 threads)',
  reuseBackends(() => createWasmBackend({ threads: 2, shareFrom: 0 })),
);
describeBackend(
  'wasm (3 threads, simd)',
  reuseBackends(() => createWasmBackend({ build: 'simd', threads: 3, shareFrom: 0 })),
);

describe('wasm threads', () => {
  it('are named in the description, and refused when there cannot be that many', async () => {
    const b = await createWasmBackend({ build: 'simd', threads: 2 });
    expect(b.description).toBe('CPU (WebAssembly SIMD, 2 threads)');
    b.dispose();
    for (const threads of [0, 1.5, 33]) await expect(createWasmBackend({ threads })).rejects.toThrow(/from 1 to 32/);
  });

  it('see memory that grew after they were started', async () => {
    const b = await createWasmBackend({ threads: 3 });
    const length = 9_000_000;
    const [x, out] = [b.alloc(length), b.alloc(1)];
    b.fill(x, 2);
    b.add(x, x);
    b.sumSquares(out, 0, x);
    expect([...(await b.read(out))]).toEqual([16 * length]);
    expect(b.bytesReserved).toBeGreaterThan(4 * length);
    b.dispose();
  });

  it('of two backends do not interfere', async () => {
    const backends = [await createWasmBackend({ threads: 2 }), await createWasmBackend({ threads: 3 })];
    const [m, n, k] = [90, 70, 200];
    const runs = backends.map((b, i) => {
      const [a, x, c] = [b.alloc(m * k), b.alloc(n * k), b.alloc(m * n)];
      b.fill(a, i + 1);
      b.fill(x, 1);
      return { b, c, step: () => b.matmul({ form: 'nt', out: c, a, b: x, rows: m, columns: n, inner: k, plus: c }) };
    });
    for (let i = 0; i < 50; i++) for (const { step } of runs) step();
    for (const [i, { b, c }] of runs.entries()) {
      expect((await b.read(c)).every((value) => value === 50 * k * (i + 1))).toBe(true);
      b.dispose();
    }
  });
});
