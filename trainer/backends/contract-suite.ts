/** The contract of backend.ts as tests: every backend must agree with the float64 reference on all of them. */
import { describe, expect, it } from 'vitest';
import type { Backend, MatmulForm } from './backend';
import { describeEpilogues, everyForm, FORMS } from './contract-epilogue';
import { describeErrors } from './contract-errors';
import { describeLogitCache } from './contract-logit-cache';
import { expectClose, expectSameAsReference, LAYOUTS, type Program, rowsOf, seededRandom } from './contract-session';

const MATMUL_SHAPES = [
  [1, 1, 1],
  [1, 7, 5],
  [3, 5, 9],
  [8, 8, 8],
  [17, 33, 13],
  [5, 1, 300],
  [65, 129, 67],
  [64, 48, 40],
  [130, 70, 257],
  [70, 530, 600],
] as const;
const WIDTHS = [1, 2, 7, 16, 33, 130];
const HEADS = [
  { heads: 1, kvHeads: 1, headDim: 8 },
  { heads: 4, kvHeads: 4, headDim: 6 },
  { heads: 6, kvHeads: 2, headDim: 10 },
  { heads: 3, kvHeads: 1, headDim: 64 },
  { heads: 8, kvHeads: 4, headDim: 16 },
];

export function describeBackend(name: string, create: () => Promise<Backend>, epilogueForms = everyForm): void {
  const check = (program: Program, tolerance: number, seed = 1) =>
    expectSameAsReference(create, seed, program, tolerance);

  describe(`${name}: matmul`, () => {
    const program =
      (form: MatmulForm, m: number, n: number, k: number, accumulate: boolean): Program =>
      (s) => {
        const a = s.input(m * k);
        const b = s.input(n * k);
        const c = s.output('c', m * n);
        s.backend.matmul({ form, out: c, a, b, rows: m, columns: n, inner: k, plus: accumulate ? c : undefined });
      };
    for (const form of FORMS) {
      for (const [m, n, k] of MATMUL_SHAPES) {
        it(`${form} ${m} x ${n} x ${k}, plain and accumulated`, async () => {
          await check(program(form, m, n, k, false), 2e-6);
          await check(program(form, m, n, k, true), 2e-6);
        });
      }
      it(`${form} of twelve random shapes`, async () => {
        const seed = 20_000 + FORMS.indexOf(form);
        const random = seededRandom(seed);
        const size = (limit: number) => 1 + Math.floor(random() * limit);
        for (let i = 0; i < 12; i++) {
          await check(program(form, size(90), size(90), size(150), random() < 0.5), 2e-6, seed + 100 * i);
        }
      });
      it(`${form} with nothing to sum leaves zeros, or what was there when accumulating`, async () => {
        await check(program(form, 3, 5, 0, false), 0);
        await check(program(form, 3, 5, 0, true), 0);
        await check(program(form, 0, 5, 3, false), 0);
      });
    }
  });

  describeEpilogues(name, create, epilogueForms);

  describe(`${name}: rows`, () => {
    for (const rows of [1, 3, 34]) {
      for (const dim of WIDTHS) {
        it(`gradient of a bias, gather and scatter of ${rows} x ${dim}`, async () => {
          await check((s) => {
            s.backend.addBiasBackward(s.output('dBias', dim), s.input(rows * dim), rows, dim);
          }, 1e-6);
          await check((s) => {
            const vocab = 9;
            const indices = s.indices(rows, vocab);
            s.backend.gatherRows(s.output('out', rows * dim), s.input(vocab * dim), indices, rows, dim);
            s.backend.scatterAddRows(s.output('dTable', vocab * dim), s.input(rows * dim), indices, rows, dim);
          }, 1e-6);
        });

        // A row of one element normalises to a sign: its gradient is the difference of two equal numbers.
        if (dim === 1) continue;
        it(`rmsNorm and its gradients of ${rows} x ${dim}`, async () => {
          for (const accumulate of [false, true]) {
            await check((s) => {
              const x = s.input(rows * dim, 3);
              const weight = s.input(dim);
              const inverseRms = s.output('inverseRms', rows);
              s.backend.rmsNorm({ out: s.output('out', rows * dim), inverseRms, x, weight, rows, dim, epsilon: 1e-5 });
              const dOut = s.input(rows * dim);
              const dWeight = s.output('dWeight', dim);
              s.backend.rmsNormBackward({
                dX: s.output('dX', rows * dim),
                dWeight,
                dOut,
                x,
                weight,
                inverseRms,
                rows,
                dim,
                accumulate,
              });
              s.backend.rmsNormBackward({
                dX: s.output('dX alone', rows * dim),
                dWeight: null,
                dOut,
                x,
                weight,
                inverseRms,
                rows,
                dim,
                accumulate,
              });
            }, 4e-6);
          }
        });
      }
    }
  });

  describe(`${name}: pointwise`, () => {
    for (const { heads, headDim } of HEADS) {
      it(`rope of ${heads} heads of ${headDim}, both directions`, async () => {
        await check((s) => {
          const rows = 11;
          const positions = s.indices(rows, 13);
          const angles = Float32Array.from({ length: (13 * headDim) / 2 }, () => s.random() * 6);
          const cosine = s.floats(angles.map(Math.cos));
          const sine = s.floats(angles.map(Math.sin));
          for (const direction of [1, -1] as const) {
            const x = s.output(`x ${direction}`, rows * heads * headDim);
            s.backend.rope({ x, positions, cosine, sine, rows, heads, headDim, direction });
          }
        }, 1e-6);
      });
    }

    for (const length of [1, 3, 4, 37, 1030]) {
      for (const size of [1, 12, 120]) {
        it(`gradient of swiglu, ${length} values up to ${size}`, async () => {
          await check((s) => {
            const gate = s.input(length, size);
            const up = s.input(length);
            const dOut = s.input(length);
            s.backend.swigluBackward({
              dGate: s.output('dGate', length),
              dUp: s.output('dUp', length),
              dOut,
              gate,
              up,
              length,
            });
          }, 1e-6);
        });
      }
    }

    it('fill, copy, add and sum of squares', async () => {
      for (const length of [1, 6, 4099]) {
        await check((s) => {
          const filled = s.output('filled', length);
          s.backend.fill(filled, 0.25);
          const copied = s.output('copied', length);
          s.backend.copy(copied, filled);
          s.backend.add(copied, s.input(length + 5));
          s.backend.sumSquares(s.output('squares', 3), 1, s.input(length));
        }, 1e-6);
      }
    });

    it('sum of squares keeps seven digits over 300,000 values', async () => {
      await check((s) => s.backend.sumSquares(s.output('squares', 1), 0, s.input(300_001)), 2e-7);
    });

    for (const length of [1, 5, 130]) {
      it(`adamW of ${length} values over three steps`, async () => {
        await check((s) => {
          const parameter = s.output('parameter', length);
          const m = s.output('m', length);
          const v = s.output('v', length);
          s.backend.fill(m, 0);
          s.backend.fill(v, 0);
          for (let step = 1; step <= 3; step++) {
            s.backend.adamW(parameter, s.input(length + 5), m, v, {
              learningRate: 0.01,
              beta1: 0.9,
              beta2: 0.95,
              epsilon: 1e-8,
              weightDecay: 0.1,
              step,
              gradientScale: 0.5,
            });
          }
        }, 2e-6);
      });
    }
  });

  describe(`${name}: scale and dropout`, () => {
    for (const length of [1, 7, 64, 1001]) {
      it(`${length} values`, async () => {
        await check((s) => s.backend.scale(s.output('x', length), -1.75, length), 1e-6);
        for (const [rate, seed] of [
          [0, 5],
          [0.1, 7],
          [0.75, 2 ** 32 - 1],
        ] as const) {
          const x = (s: Parameters<Program>[0]) => s.input(length);
          await check((s) => s.backend.dropout({ out: s.output('out', length), x: x(s), length, rate, seed }), 1e-6);
          await check(
            (s) => s.backend.dropout({ out: s.output('out', length), x: x(s), length, rate, seed, accumulate: true }),
            1e-6,
          );
        }
      });
    }

    it('dropout keeps its share, other elements for another seed, and the mean', async () => {
      const backend = await create();
      const n = 20_000;
      const x = backend.alloc(n);
      backend.fill(x, 1);
      const out = backend.alloc(n);
      const drawn = async (seed: number) => {
        backend.dropout({ out, x, length: n, rate: 0.3, seed });
        return backend.read(out);
      };
      const first = await drawn(1);
      expect(first.filter((value) => value > 0).length / n).toBeCloseTo(0.7, 1);
      expect(first.reduce((sum, value) => sum + value, 0) / n).toBeCloseTo(1, 1);
      expect(await drawn(1)).toEqual(first);
      const second = await drawn(2);
      const both = first.filter((value, i) => value > 0 && second[i]! > 0).length / n;
      expect(both).toBeGreaterThan(0.47);
      expect(both).toBeLessThan(0.51);
      backend.dispose();
    });
  });

  describe(`${name}: attention`, () => {
    for (const [layout, segments] of Object.entries(LAYOUTS)) {
      for (const { heads, kvHeads, headDim } of HEADS) {
        it(`${layout}, ${heads} heads on ${kvHeads} of ${headDim}`, async () => {
          await check((s) => {
            const rows = rowsOf(segments);
            const shape = { rows, heads, kvHeads, headDim, segments };
            const q = s.input(rows * heads * headDim, 2);
            const k = s.input(rows * kvHeads * headDim, 2);
            const v = s.input(rows * kvHeads * headDim);
            const out = s.output('out', rows * heads * headDim);
            const logSumExp = s.output('logSumExp', rows * heads);
            s.backend.attention({ out, logSumExp, q, k, v, shape });
            const dQ = s.output('dQ', rows * heads * headDim);
            const dK = s.output('dK', rows * kvHeads * headDim);
            const dV = s.output('dV', rows * kvHeads * headDim);
            const dOut = s.input(rows * heads * headDim);
            s.backend.attentionBackward({ dQ, dK, dV, dOut, out, logSumExp, q, k, v, shape });
          }, 5e-6);
        });
      }
    }

    it('rows attend to idle rows as to others', async () => {
      const backend = await create();
      const layout = (idle?: true) => [
        { start: 0, end: 70, prefixStart: 0, prefixEnd: 0, idle },
        { start: 70, end: 73, prefixStart: 0, prefixEnd: 70 },
        { start: 73, end: 80, prefixStart: 73, prefixEnd: 73, idle },
        { start: 80, end: 81, prefixStart: 73, prefixEnd: 80 },
      ];
      const random = seededRandom(5);
      const input = (length: number) => {
        const tensor = backend.alloc(length);
        backend.write(
          tensor,
          Float32Array.from({ length }, () => random() - 0.5),
        );
        return tensor;
      };
      const [q, k, v] = [input(81 * 16), input(81 * 8), input(81 * 8)];
      const attend = async (idle?: true) => {
        const out = backend.alloc(81 * 16);
        const shape = { rows: 81, heads: 2, kvHeads: 1, headDim: 8, segments: layout(idle) };
        backend.attention({ out, logSumExp: backend.alloc(81 * 2), q, k, v, shape });
        return [...(await backend.read(out, 70 * 16, 3 * 16)), ...(await backend.read(out, 80 * 16))];
      };
      const busy = await attend();
      expect(await attend(true)).toEqual(busy);
      expect(busy.every((value) => value !== 0)).toBe(true);
      backend.dispose();
    });

    it('survives scores of several hundred', async () => {
      await check((s) => {
        const segments = LAYOUTS['three sequences']!;
        const rows = rowsOf(segments);
        const shape = { rows, heads: 2, kvHeads: 1, headDim: 8, segments };
        const q = s.input(rows * 16, 30);
        const k = s.input(rows * 8, 30);
        s.backend.attention({
          out: s.output('out', rows * 16),
          logSumExp: s.output('lse', rows * 2),
          q,
          k,
          v: s.input(rows * 8),
          shape,
        });
      }, 5e-5);
    });
  });

  describe(`${name}: logProb`, () => {
    for (const [rows, dim, vocab] of [
      [1, 4, 1],
      [1, 5, 3],
      [7, 64, 512],
      [33, 10, 1031],
      [70, 48, 2500],
    ] as const) {
      it(`${rows} rows of ${dim}, vocabulary ${vocab}`, async () => {
        await check((s) => {
          const hidden = s.input(rows * dim, 2);
          const head = s.input(vocab * dim);
          const targets = s.indices(rows, vocab);
          const logSumExp = s.output('logSumExp', rows);
          s.backend.logProb({ logProb: s.output('logProb', rows), logSumExp, hidden, head, targets, rows, dim, vocab });
          const coefficient = s.input(rows);
          const dHead = s.output('dHead', vocab * dim);
          s.backend.logProbBackward({
            dHidden: s.output('dHidden', rows * dim),
            dHead,
            coefficient,
            logSumExp,
            hidden,
            head,
            targets,
            rows,
            dim,
            vocab,
          });
          s.backend.logProbBackward({
            dHidden: s.output('dHidden alone', rows * dim),
            dHead: null,
            coefficient,
            logSumExp,
            hidden,
            head,
            targets,
            rows,
            dim,
            vocab,
          });
        }, 3e-6);
      });
    }

    it('survives logits of several hundred', async () => {
      await check((s) => {
        const hidden = s.input(9 * 16, 40);
        const head = s.input(300 * 16, 4);
        s.backend.logProb({
          logProb: s.output('logProb', 9),
          logSumExp: s.output('lse', 9),
          hidden,
          head,
          targets: s.indices(9, 300),
          rows: 9,
          dim: 16,
          vocab: 300,
        });
      }, 3e-6);
    });
  });

  describeLogitCache(name, create);

  describe(`${name}: memory`, () => {
    it('counts live bytes, zero-fills what it hands out again, and reads and writes ranges', async () => {
      const backend = await create();
      const before = backend.bytesInUse;
      const first = backend.alloc(1000);
      backend.write(
        first,
        Float32Array.from({ length: 1000 }, (_, i) => i),
      );
      expectClose(await backend.read(first, 10, 3), Float32Array.of(10, 11, 12), 0, 'range');
      backend.write(first, Float32Array.of(-1, -2), 998);
      expectClose(await backend.read(first, 997), Float32Array.of(997, -1, -2), 0, 'end');
      expect(backend.bytesInUse).toBeGreaterThanOrEqual(before + 4000);
      backend.free(first);
      expect(backend.bytesInUse).toBe(before);
      const second = backend.alloc(1000);
      expect([...(await backend.read(second))].every((value) => value === 0)).toBe(true);
      const ints = backend.allocInt(2);
      backend.write(ints, Int32Array.of(-7, 8));
      expect([...(await backend.read(ints))]).toEqual([-7, 8]);
      backend.dispose();
    });
  });

  describeErrors(name, create);
}
