/** What holds for backends that keep frozen weights in half precision. */
import { describe, expect, it } from 'vitest';
import type { Backend } from './backend';
import { expectSameAsReference, type Program } from './contract-session';

export function describeHalfWeights(name: string, create: () => Promise<Backend>): void {
  const check = (program: Program, tolerance: number) => expectSameAsReference(create, 11, program, tolerance);

  describe(`${name}: half weights`, () => {
    it('are rounded to the nearest f16 and take half the memory', async () => {
      const b = await create();
      const before = b.bytesInUse;
      const weights = b.allocHalf!(1001);
      expect([...(await b.read(weights))].every((value) => value === 0)).toBe(true);
      const values = Float32Array.from({ length: 1001 }, (_, i) => (i - 500) / 3);
      values.set([1 + 2 ** -11, 1 + 3 * 2 ** -11, 2 ** -24, 1e-9, -65504]);
      b.write(weights, values);
      const kept = await b.read(weights);
      // Ties go to the even neighbour; the smallest subnormal stays, what is far below it goes.
      expect([...kept.subarray(0, 5)]).toEqual([1, 1 + 2 ** -9, 2 ** -24, 0, -65504]);
      kept.forEach((value, i) => {
        expect(Math.abs(value - values[i]!)).toBeLessThanOrEqual(Math.abs(values[i]!) / 2048 + 1e-7);
      });
      expect([...(await b.read(weights, 1000, 1))]).toEqual([kept[1000]]);
      if (b.name !== 'reference') expect(b.bytesInUse - before).toBeLessThanOrEqual(2004);
      b.free(weights);
      expect(b.bytesInUse).toBe(before);
      b.dispose();
    });

    for (const [m, n, k] of [
      [1, 1, 1],
      [5, 7, 9],
      [33, 64, 48],
      [70, 130, 100],
      [12, 300, 101],
    ] as const) {
      it(`b of ${m} x ${n} x ${k} products, plain and accumulated`, async () => {
        for (const form of ['nt', 'nn'] as const) {
          for (const accumulate of [false, true]) {
            await check((s) => {
              const a = s.input(m * k);
              const c = s.output('c', m * n);
              s.backend.matmul(form, c, a, s.halves(n * k), m, n, k, accumulate ? { plus: c } : {});
            }, 2e-6);
          }
        }
      });
    }

    for (const [dim, vocab] of [
      [100, 300],
      [7, 33],
    ] as const) {
      it(`the table of a gather and the head of a vocabulary, ${vocab} x ${dim}`, async () => {
        const rows = 30;
        await check((s) => {
          const table = s.halves(vocab * dim);
          const indices = s.indices(rows, vocab);
          s.backend.gatherRows(s.output('rows', rows * dim), table, indices, rows, dim);
          const hidden = s.input(rows * dim);
          const lse = s.output('lse', rows);
          s.backend.logProb(s.output('logProb', rows), lse, hidden, table, indices, rows, dim, vocab);
          const dHidden = s.output('dHidden', rows * dim);
          s.backend.logProbBackward(dHidden, null, s.input(rows), lse, hidden, table, indices, rows, dim, vocab);
        }, 4e-6);
      });
    }

    it('are refused everywhere else', async () => {
      const b = await create();
      const half = b.allocHalf!(12);
      const [x, y] = [b.alloc(12), b.alloc(12)];
      const ints = b.allocInt(3);
      expect(() => b.matmul('nt', x, half, y, 3, 3, 4)).toThrow(/a must be f32, not f16/);
      expect(() => b.matmul('tn', x, y, half, 3, 3, 4)).toThrow(/b must be f32, not f16/);
      expect(() => b.matmul('nn', half, x, y, 3, 3, 4)).toThrow(/c must be f32, not f16/);
      expect(() => b.scatterAddRows(half, x, ints, 3, 4)).toThrow(/table must be f32, not f16/);
      expect(() => b.add(x, half)).toThrow(/f32/);
      expect(() => b.fill(half, 1)).toThrow(/f32/);
      expect(() => b.adamW(half, x, y, x, {} as never)).toThrow(/f32/);
      expect(() => b.write(half, new Float32Array(3), 2)).toThrow(/all 12/);
      b.dispose();
    });
  });
}
