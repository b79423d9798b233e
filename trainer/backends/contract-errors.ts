/** What every backend must refuse, and that refusing leaves tensors as they were. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Backend } from './backend';

export function describeErrors(name: string, create: () => Promise<Backend>): void {
  describe(`${name}: refusals`, () => {
    let b: Backend;
    beforeAll(async () => {
      b = await create();
    });
    afterAll(() => b.dispose());

    it('refuses a tensor after free, twice freed, or of another backend', async () => {
      const x = b.alloc(4);
      const y = b.alloc(4);
      b.free(x);
      expect(() => b.add(y, x)).toThrow(/freed/);
      expect(() => b.fill(x, 1)).toThrow(/freed/);
      expect(() => b.free(x)).toThrow(/freed/);
      expect(() => b.write(x, new Float32Array(4))).toThrow(/freed/);
      await expect(async () => b.read(x)).rejects.toThrow(/freed/);
      const other = await create();
      const foreign = other.alloc(4);
      expect(() => b.add(y, foreign)).toThrow(/of this backend/);
      other.dispose();
      expect(() => other.fill(foreign, 1)).toThrow();
    });

    it('refuses tensors that are too short, of the wrong type, or shared where they may not be', () => {
      const x = b.alloc(6);
      const ints = b.allocInt(6);
      expect(() =>
        b.matmul({ form: 'nn', out: b.alloc(6), a: x, b: b.alloc(5), rows: 2, columns: 3, inner: 2 }),
      ).toThrow(/matmul: b has 5 elements.*6/);
      expect(() => b.matmul({ form: 'nn', out: x, a: x, b: b.alloc(9), rows: 2, columns: 3, inner: 3 })).toThrow(
        /same tensor/,
      );
      expect(() => b.copy(b.alloc(5), x)).toThrow(/5|6/);
      expect(() =>
        b.swigluBackward({ dGate: b.alloc(6), dUp: b.alloc(6), dOut: x, gate: x, up: b.alloc(5), length: 6 }),
      ).toThrow(/up has 5/);
      expect(() => b.fill(ints, 1)).toThrow(/f32/);
      expect(() => b.addBiasBackward(b.alloc(6), ints, 1, 6)).toThrow(/f32/);
      expect(() => b.write(x, Int32Array.of(1))).toThrow(/i32/);
      expect(() => b.write(x, new Float32Array(7))).toThrow(/fit/);
      expect(() => b.alloc(-1)).toThrow(/alloc/);
      expect(() => b.alloc(1.5)).toThrow(/alloc/);
    });

    it('refuses indices, positions and targets out of range by name and place', async () => {
      const table = b.alloc(12);
      b.fill(table, 1);
      const bad = b.allocInt(3);
      b.write(bad, Int32Array.of(0, 4, 1));
      expect(() => b.scatterAddRows(table, b.alloc(9), bad, 3, 3)).toThrow('indices[1] = 4 is outside 0..3');
      expect([...(await b.read(table))].every((value) => value === 1)).toBe(true);
      b.write(bad, Int32Array.of(0, 1, -1));
      expect(() => b.gatherRows(b.alloc(9), table, bad, 3, 3)).toThrow('indices[2] = -1');
      expect(() =>
        b.rope({
          x: b.alloc(12),
          positions: bad,
          cosine: b.alloc(4),
          sine: b.alloc(4),
          rows: 3,
          heads: 1,
          headDim: 4,
          direction: 1,
        }),
      ).toThrow('positions[2] = -1');
      expect(() =>
        b.logProb({
          logProb: b.alloc(3),
          logSumExp: b.alloc(3),
          hidden: b.alloc(9),
          head: table,
          targets: bad,
          rows: 3,
          dim: 3,
          vocab: 4,
        }),
      ).toThrow('targets[2] = -1');
    });

    it('refuses a scale that is no number, and a dropout of all, in place, or without a seed', () => {
      const x = b.alloc(4);
      const out = b.alloc(4);
      expect(() => b.scale(x, Number.NaN, 4)).toThrow(/finite/);
      expect(() => b.scale(x, 1, 5)).toThrow(/x has 4 elements/);
      expect(() => b.dropout({ out, x, length: 4, rate: 1, seed: 0 })).toThrow(
        /rate must be at least 0 and below 1, not 1/,
      );
      expect(() => b.dropout({ out: x, x, length: 4, rate: 0.5, seed: 0 })).toThrow(/same tensor/);
      expect(() => b.dropout({ out, x, length: 4, rate: 0.5, seed: 2 ** 32 })).toThrow(/seed/);
      expect(() => b.dropout({ out, x, length: 4, rate: 0.5, seed: 0 })).not.toThrow();
    });

    it('refuses layouts with gaps, overlaps or a prefix that is not before', () => {
      const [q, k, v, out, lse] = [0, 0, 0, 0, 0].map(() => b.alloc(40)) as [
        ReturnType<Backend['alloc']>,
        ReturnType<Backend['alloc']>,
        ReturnType<Backend['alloc']>,
        ReturnType<Backend['alloc']>,
        ReturnType<Backend['alloc']>,
      ];
      const run = (...spans: [start: number, end: number, prefixStart: number, prefixEnd: number][]) =>
        b.attention({
          out,
          logSumExp: lse,
          q,
          k,
          v,
          shape: {
            rows: 10,
            heads: 2,
            kvHeads: 1,
            headDim: 2,
            segments: spans.map(([start, end, prefixStart, prefixEnd]) => ({ start, end, prefixStart, prefixEnd })),
          },
        });
      expect(() => run([0, 4, 0, 0], [5, 10, 0, 0])).toThrow(/should start at row 4/);
      expect(() => run([0, 4, 0, 0], [3, 10, 0, 0])).toThrow(/should start at row 4/);
      expect(() => run([0, 4, 0, 0], [4, 10, 0, 5])).toThrow(/prefix before/);
      expect(() => run([0, 4, 0, 0])).toThrow(/cover 4 of 10/);
      expect(() => run([0, 10, 0, 0])).not.toThrow();
    });
  });
}
