/** The contract of f16 tensors, for backends that have `allocHalf`: as weights, and as activations. */
import { describe, expect, it } from 'vitest';
import type { Backend } from './backend';
import { everyForm, FORMS } from './contract-epilogue';
import { expectSameAsReference, LAYOUTS, type Program, rowsOf } from './contract-session';

/** Half a unit in the last place of f16, or a whole one where a device does not round to nearest. */
const ROUNDING = 1.1e-3;

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
      // Ties are rounded to even; the smallest subnormal survives, and what is far below it becomes zero.
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
              s.backend.matmul({
                form,
                out: c,
                a,
                b: s.halves(n * k),
                rows: m,
                columns: n,
                inner: k,
                plus: accumulate ? c : undefined,
              });
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
          s.backend.logProb({
            logProb: s.output('logProb', rows),
            logSumExp: lse,
            hidden,
            head: table,
            targets: indices,
            rows,
            dim,
            vocab,
          });
          const dHidden = s.output('dHidden', rows * dim);
          s.backend.logProbBackward({
            dHidden,
            dHead: null,
            coefficient: s.input(rows),
            logSumExp: lse,
            hidden,
            head: table,
            targets: indices,
            rows,
            dim,
            vocab,
          });
        }, 4e-6);
      });
    }

    it('are refused everywhere else', async () => {
      const b = await create();
      const half = b.allocHalf!(12);
      const [x, y] = [b.alloc(12), b.alloc(12)];
      const ints = b.allocInt(3);
      expect(() => b.matmul({ form: 'nt', out: half, a: x, b: y, rows: 3, columns: 3, inner: 4 })).toThrow(
        /rows of out have 3 values, and those of f16 come in fours/,
      );
      expect(() => b.matmul({ form: 'nt', out: x, a: y, b: y, rows: 3, columns: 3, inner: 4, plus: half })).toThrow(
        /plus must be f32 like out/,
      );
      expect(() => b.matmul({ form: 'nt', out: x, a: y, b: y, rows: 3, columns: 3, inner: 4, bias: half })).toThrow(
        /bias must be f32, not f16/,
      );
      expect(() => b.scatterAddRows(half, x, ints, 3, 4)).toThrow(/table must be f32, not f16/);
      expect(() => b.rmsNorm({ out: x, inverseRms: y, x: half, weight: y, rows: 3, dim: 4, epsilon: 1e-5 })).toThrow(
        /x must be f32, not f16/,
      );
      expect(() =>
        b.rope({ x: half, positions: ints, cosine: x, sine: y, rows: 3, heads: 1, headDim: 4, direction: 1 }),
      ).toThrow(/fours/);
      expect(() => b.copy(x, half)).toThrow(/x must be f32, not f16/);
      expect(() => b.add(x, half)).toThrow(/f32/);
      expect(() => b.fill(half, 1)).toThrow(/f32/);
      expect(() => b.adamW(half, x, y, x, {} as never)).toThrow(/f32/);
      expect(() => b.write(half, new Float32Array(3), 2)).toThrow(/all 12/);
      b.dispose();
    });
  });
}

export function describeHalfActivations(name: string, create: () => Promise<Backend>, epilogueForms = everyForm): void {
  const check = (program: Program, tolerance: number) => expectSameAsReference(create, 12, program, tolerance);

  describe(`${name}: half activations`, () => {
    for (const [i, [m, n, k]] of (
      [
        [1, 4, 1],
        [5, 8, 9],
        [33, 64, 48],
        [70, 132, 100],
      ] as const
    ).entries()) {
      it(`operands and result of ${m} x ${n} x ${k} products, with and without epilogues`, async () => {
        for (const form of FORMS) {
          await check((s) => {
            s.backend.matmul({
              form,
              out: s.output('of halves', m * n),
              a: s.halves(m * k),
              b: s.halves(n * k),
              rows: m,
              columns: n,
              inner: k,
            });
            s.backend.matmul({
              form,
              out: s.output('of a half', m * n),
              a: s.halves(m * k),
              b: s.input(n * k),
              rows: m,
              columns: n,
              inner: k,
            });
          }, 2e-6);
        }
        for (const form of epilogueForms(i)) {
          await check((s) => {
            const [a, b, c] = [s.halves(m * k), s.input(n * k), s.halfOutput('c', m * n)];
            s.backend.matmul({ form, out: c, a, b, rows: m, columns: n, inner: k });
            s.backend.matmul({ form, out: c, a, b, rows: m, columns: n, inner: k, plus: c });
            s.backend.matmul({
              form,
              out: s.halfOutput('after', m * n),
              a,
              b,
              rows: m,
              columns: n,
              inner: k,
              plus: s.halves(m * n),
              bias: s.input(n),
              swiglu: { out: s.halfOutput('gated', m * n), gate: s.halves(m * n, 3) },
            });
          }, ROUNDING);
        }
      });
    }

    it('what f16 does not reach becomes its largest value', async () => {
      const b = await create();
      if (b.name === 'reference') return b.dispose();
      const [x, out] = [b.alloc(4), b.allocHalf!(4)];
      b.write(x, Float32Array.of(1e6, -1e30, 65519, 3));
      b.copy(out, x);
      expect([...(await b.read(out))]).toEqual([65504, -65504, 65504, 3]);
      b.dispose();
    });

    // A training that has diverged must be seen to have.
    it('what is no number stays none', async () => {
      const b = await create();
      const [x, out] = [b.alloc(4), b.allocHalf!(4)];
      b.write(x, Float32Array.of(Number.NaN, 1, 2, Number.NaN));
      b.copy(out, x);
      expect([...(await b.read(out))]).toEqual([Number.NaN, 1, 2, Number.NaN]);
      b.dispose();
    });

    for (const length of [1, 4, 37, 1030]) {
      it(`a copy of ${length} values, and dropout of them`, async () => {
        await check((s) => s.backend.copy(s.halfOutput('copied', length), s.input(length + 5)), ROUNDING);
        await check(
          (s) =>
            s.backend.dropout({
              out: s.output('out', length),
              x: s.halves(length),
              length,
              rate: 0.3,
              seed: 7,
              accumulate: true,
            }),
          1e-6,
        );
      });
    }

    for (const [rows, dim] of [
      [1, 4],
      [34, 132],
      [3, 520],
    ] as const) {
      it(`rmsNorm and the gradient of swiglu, ${rows} x ${dim}`, async () => {
        await check((s) => {
          const [out, inverse] = [s.halfOutput('out', rows * dim), s.output('inverseRms', rows)];
          s.backend.rmsNorm({
            out,
            inverseRms: inverse,
            x: s.input(rows * dim, 3),
            weight: s.input(dim),
            rows,
            dim,
            epsilon: 1e-5,
          });
        }, ROUNDING);
        await check((s) => {
          const length = rows * dim;
          const [dGate, dUp] = [s.output('dGate', length), s.output('dUp', length)];
          s.backend.swigluBackward({
            dGate,
            dUp,
            dOut: s.input(length),
            gate: s.halves(length, 12),
            up: s.halves(length),
            length,
          });
        }, 2e-6);
      });
    }

    for (const { heads, kvHeads, headDim } of [
      { heads: 4, kvHeads: 2, headDim: 8 },
      { heads: 3, kvHeads: 1, headDim: 64 },
    ]) {
      it(`rope and attention of ${heads} heads on ${kvHeads} of ${headDim}`, async () => {
        await check((s) => {
          const rows = 11;
          const positions = s.indices(rows, 13);
          const [cosine, sine] = [s.input((13 * headDim) / 2), s.input((13 * headDim) / 2)];
          s.backend.rope({
            x: s.halfOutput('x', rows * heads * headDim),
            positions,
            cosine,
            sine,
            rows,
            heads,
            headDim,
            direction: -1,
          });
        }, ROUNDING);
        const segments = LAYOUTS['two shared prefixes']!;
        const rows = rowsOf(segments);
        const shape = { rows, heads, kvHeads, headDim, segments };
        const [queries, keys] = [rows * heads * headDim, rows * kvHeads * headDim];
        await check((s) => {
          const [q, k, v] = [s.halves(queries, 2), s.halves(keys, 2), s.halves(keys)];
          s.backend.attention({
            out: s.halfOutput('out', queries),
            logSumExp: s.output('logSumExp', rows * heads),
            q,
            k,
            v,
            shape,
          });
        }, ROUNDING);
        await check((s) => {
          const [q, k, v] = [s.halves(queries, 2), s.halves(keys, 2), s.halves(keys)];
          const lse = s.output('logSumExp', rows * heads);
          const out = s.backend.allocHalf!(queries);
          s.backend.attention({ out, logSumExp: lse, q, k, v, shape });
          const gradients = { dQ: s.output('dQ', queries), dK: s.output('dK', keys), dV: s.output('dV', keys) };
          // The result of the forward pass may be any values. These are exact in f16, so that both backends start from
          // the same.
          const result = s.halves(queries);
          s.backend.attentionBackward({
            ...gradients,
            dOut: s.input(queries),
            out: result,
            logSumExp: lse,
            q,
            k,
            v,
            shape,
          });
        }, 1e-5);
      });
    }
  });
}
