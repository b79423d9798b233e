/** The contract of tensors that lie behind each other, for a backend that has them. */
import { describe, expect, it } from 'vitest';
import type { Backend, Tensor } from './backend';

const LENGTHS = [5, 128, 1, 300];

/** `create` must make a backend with `allocTogether`. */
export function describeTogether(name: string, create: () => Promise<Backend>): void {
  const values = (length: number, first: number) => Float32Array.from({ length }, (_, i) => first + i);

  describe(`${name}: tensors behind each other`, () => {
    it('are zero, and hold what is written to each', async () => {
      const b = await create();
      const parts = b.allocTogether!(LENGTHS);
      expect(parts.map(({ length }) => length)).toEqual(LENGTHS);
      for (const part of parts) expect((await b.read(part)).every((value) => value === 0)).toBe(true);
      for (const [i, part] of parts.entries()) b.write(part, values(part.length, 1000 * i));
      for (const [i, part] of parts.entries()) expect(await b.read(part)).toEqual(values(part.length, 1000 * i));
      b.fill(parts[1]!, 7);
      expect(await b.read(parts[2]!)).toEqual(values(1, 2000));
      b.dispose();
    });

    it('are one tensor to an op on every element, whose gaps stay zero', async () => {
      const b = await create();
      const step = { learningRate: 0.1, beta1: 0.9, beta2: 0.99, epsilon: 1e-8, weightDecay: 0.1, step: 1 };
      const update = (lists: readonly (readonly Tensor[])[]) => {
        const [parameters, gradients, m, v] = lists as [Tensor[], Tensor[], Tensor[], Tensor[]];
        for (const [i, p] of parameters.entries()) {
          b.adamW(p, gradients[i]!, m[i]!, v[i]!, { ...step, gradientScale: 1 });
        }
      };
      const make = () => {
        const parameters = b.allocTogether!(LENGTHS);
        const all = [parameters, ...[0, 1, 2].map(() => b.allocLike!(parameters, 'f32'))];
        for (const [i, p] of parameters.entries()) b.write(p, values(p.length, i));
        for (const [i, g] of all[1]!.entries()) b.write(g, values(g.length, -i));
        return all;
      };
      const [apart, together] = [make(), make()];
      update(apart);
      const wholes = together.map((list) => b.wholesOf!(list));
      expect(wholes.map(({ length }) => length)).toEqual([1, 1, 1, 1]);
      update(wholes);
      for (const [i, part] of together[0]!.entries()) expect(await b.read(part)).toEqual(await b.read(apart[0]![i]!));
      const elements = LENGTHS.reduce((sum, length) => sum + length, 0);
      expect((await b.read(wholes[0]![0]!)).filter((value) => value !== 0).length).toBeLessThanOrEqual(elements);
      b.dispose();
    });

    it('serve products, one part as an operand beside another as the result', async () => {
      const b = await create();
      const [a, x, c] = b.allocTogether!([6, 6, 4]) as [Tensor, Tensor, Tensor];
      b.write(a, Float32Array.of(1, 2, 3, 4, 5, 6));
      b.write(x, Float32Array.of(1, 0, 0, 0, 1, 0));
      b.matmul({ form: 'nt', out: c, a, b: x, rows: 2, columns: 2, inner: 3 });
      expect(await b.read(c)).toEqual(Float32Array.of(1, 2, 4, 5));
      b.dispose();
    });

    it('are found whole only where all of them are named, in whatever order', async () => {
      const b = await create();
      const parts = b.allocTogether!(LENGTHS);
      const alone = b.alloc(3);
      expect(b.wholesOf!([...parts].reverse())).toHaveLength(1);
      expect(b.wholesOf!([parts[0]!, alone, ...parts.slice(1)])).toEqual([b.wholesOf!(parts)[0], alone]);
      expect(b.wholesOf!(parts.slice(1))).toEqual(parts.slice(1));
      b.dispose();
    });

    it('are freed one by one, and their memory with the last', async () => {
      const b = await create();
      const parts = b.allocTogether!(LENGTHS);
      const halves = b.allocHalf && b.allocLike!(parts, 'f16');
      for (const half of halves ?? []) b.free(half);
      b.write(parts[3]!, values(300, 1));
      for (const part of parts.slice(0, 3)) b.free(part);
      expect(() => b.fill(parts[0]!, 1)).toThrow(/freed/);
      expect(await b.read(parts[3]!)).toEqual(values(300, 1));
      b.free(parts[3]!);
      expect(b.bytesInUse).toBe(0);
      for (const part of b.allocTogether!(LENGTHS)) {
        expect((await b.read(part)).every((value) => value === 0)).toBe(true);
      }
      b.dispose();
    });
  });
}
