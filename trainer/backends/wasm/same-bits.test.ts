/**
 * Results do not depend, by a bit, on the number of threads or on how a product is divided: every op is compared with
 * one thread.
 */
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { Backend, MatmulForm, SegmentLayout, Tensor } from '../backend';
import { headProgram } from '../contract-logit-cache';
import { type Program, runProgram, seededRandom } from '../contract-session';
import { fastestBuild, type KernelBuild } from './load-kernels';
import { createWasmBackend } from './wasm-backend';

const builds: KernelBuild[] = fastestBuild() === 'relaxed-simd' ? ['simd', 'relaxed-simd'] : ['simd'];
const seed = Number(process.env.SEED ?? 20_261_124);
const open: Backend[] = [];
afterAll(() => {
  for (const backend of open) backend.dispose();
});

async function opened(build: KernelBuild, threads: number): Promise<Backend> {
  const backend = await createWasmBackend({ build, threads, shareFrom: 0 });
  open.push(backend);
  return backend;
}

const bytes = (values: Float32Array) => Buffer.from(values.buffer, values.byteOffset, values.byteLength);

const size = (max: number) => fc.integer({ min: 1, max });
const form = fc.constantFrom<MatmulForm>('nt', 'nn', 'tn');

/** Segments as packing makes them: prompts of up to 90 rows, each with up to three responses that attend to it. */
const layout: fc.Arbitrary<SegmentLayout> = fc
  .array(fc.tuple(size(90), fc.array(size(70), { maxLength: 3 })), { minLength: 1, maxLength: 3 })
  .map((prompts) => {
    const segments: { start: number; end: number; prefixStart: number; prefixEnd: number }[] = [];
    let next = 0;
    for (const [prompt, responses] of prompts) {
      const start = next;
      next += prompt;
      segments.push({ start, end: next, prefixStart: start, prefixEnd: start });
      for (const response of responses) {
        segments.push({ start: next, end: next + response, prefixStart: start, prefixEnd: start + prompt });
        next += response;
      }
    }
    return segments;
  });

/** Every op by name, with arguments drawn at random. */
const programs: Record<string, fc.Arbitrary<Program>> = {
  matmul: fc.tuple(form, size(300), size(300), fc.nat(700), fc.boolean()).map(([form, m, n, k, more]) => (s) => {
    const c = s.output('c', m * n);
    const epilogue = {
      plus: c,
      bias: s.input(n),
      swiglu: { out: s.output('gated', m * n), gate: s.input(m * n, 9) },
    };
    s.backend.matmul({
      form,
      out: c,
      a: s.input(m * k),
      b: s.input(n * k),
      rows: m,
      columns: n,
      inner: k,
      ...(more ? epilogue : {}),
    });
  }),
  rows: fc.tuple(size(70), size(150), size(40)).map(([rows, dim, vocab]) => (s) => {
    const { backend: b } = s;
    const indices = s.indices(rows, vocab);
    b.addBiasBackward(s.output('addBiasBackward', dim), s.input(rows * dim), rows, dim);
    b.gatherRows(s.output('gatherRows', rows * dim), s.input(vocab * dim), indices, rows, dim);
    b.scatterAddRows(s.output('scatterAddRows', vocab * dim), s.input(rows * dim), indices, rows, dim);
    const [x, weight, inverse] = [s.input(rows * dim), s.input(dim), s.output('inverseRms', rows)];
    b.rmsNorm({ out: s.output('rmsNorm', rows * dim), inverseRms: inverse, x, weight, rows, dim, epsilon: 1e-5 });
    const [dX, dWeight, dOut] = [s.output('dX', rows * dim), s.output('dWeight', dim), s.input(rows * dim)];
    b.rmsNormBackward({ dX, dWeight, dOut, x, weight, inverseRms: inverse, rows, dim, accumulate: vocab > 20 });
    const angles = s.input(vocab * dim);
    b.rope({
      x: s.output('rope', rows * 3 * 2 * dim),
      positions: indices,
      cosine: angles,
      sine: s.input(vocab * dim),
      rows,
      heads: 3,
      headDim: 2 * dim,
      direction: -1,
    });
  }),
  pointwise: size(9000).map((length) => (s) => {
    const { backend: b } = s;
    b.add(s.output('add', length), s.input(length + 5));
    const [scaled, dropped] = [s.output('scale', length), s.output('dropout', length)];
    b.fill(scaled, 3);
    b.scale(scaled, 1.1, length);
    b.dropout({ out: dropped, x: s.input(length), length, rate: 0.3, seed: 7, accumulate: length % 2 === 0 });
    const [dGate, dUp] = [s.output('dGate', length), s.output('dUp', length)];
    b.swigluBackward({ dGate, dUp, dOut: s.input(length), gate: s.input(length, 9), up: s.input(length), length });
    b.sumSquares(s.output('sumSquares', 1), 0, s.input(length));
    const [parameter, m, v] = [s.output('parameter', length), s.output('m', length), s.output('v', length)];
    b.fill(v, 0.5);
    const rates = { learningRate: 0.01, beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weightDecay: 0.1 };
    b.adamW(parameter, s.input(length + 5), m, v, { ...rates, step: 3, gradientScale: 0.5 });
  }),
  attention: fc.tuple(layout, size(3), size(3), size(20)).map(([segments, kvHeads, group, half]) => (s) => {
    const rows = segments.at(-1)!.end;
    const shape = { rows, heads: kvHeads * group, kvHeads, headDim: 2 * half, segments };
    const [wide, narrow] = [rows * shape.heads * shape.headDim, rows * kvHeads * shape.headDim];
    const [q, k, v] = [s.input(wide, 2), s.input(narrow, 2), s.input(narrow)];
    const [out, lse] = [s.output('out', wide), s.output('logSumExp', rows * shape.heads)];
    s.backend.attention({ out, logSumExp: lse, q, k, v, shape });
    const [dQ, dK, dV] = [s.output('dQ', wide), s.output('dK', narrow), s.output('dV', narrow)];
    s.backend.attentionBackward({ dQ, dK, dV, dOut: s.input(wide), out, logSumExp: lse, q, k, v, shape });
  }),
  logProb: fc
    .tuple(fc.oneof(size(90), fc.constant(530)), size(40), size(2600), fc.boolean(), fc.nat(120))
    .map(([rows, dim, vocab, withHead, percent]) => {
      const kept = Math.floor((percent / 100) * rows * vocab);
      return headProgram({ rows, dim, vocab }, percent > 0 ? kept : null, withHead);
    }),
};

for (const build of builds) {
  describe(`wasm (${build}): the same bits`, () => {
    for (const threads of [2, 3, 5]) {
      it(`from 1 thread and from ${threads}, of every op on odd shapes`, async () => {
        const [alone, together] = [await opened(build, 1), await opened(build, threads)];
        for (const [name, arbitrary] of Object.entries(programs)) {
          await fc.assert(
            fc.asyncProperty(arbitrary, fc.nat(), async (program, inputs) => {
              const expected = await runProgram(alone, inputs, program);
              const actual = await runProgram(together, inputs, program);
              for (const [output, values] of expected) {
                expect(bytes(actual.get(output)!).equals(bytes(values)), `${name}: ${output}`).toBe(true);
              }
            }),
            { numRuns: 15, seed },
          );
        }
        together.dispose();
      });
    }

    it('from a product and from its four parts, cut anywhere', async () => {
      const backend = await opened(build, 1);
      const shape = fc.record({ m: size(200), n: size(200), k: size(700), row: fc.nat(200), column: fc.nat(200) });
      await fc.assert(
        fc.asyncProperty(form, shape, fc.boolean(), fc.nat(), async (form, shape, accumulate, inputs) => {
          const { m, n, k } = shape;
          const random = seededRandom(inputs);
          const values = (length: number) => Float32Array.from({ length }, () => random() * 2 - 1);
          const [a, b, c] = [values(m * k), values(n * k), values(m * n)];
          const product = async (i: Range, j: Range) => {
            const whole: Range = [0, k];
            const left = form === 'tn' ? submatrix(a, m, whole, i) : submatrix(a, k, i, whole);
            const right = form === 'nt' ? submatrix(b, k, j, whole) : submatrix(b, n, whole, j);
            const tensors = [submatrix(c, n, i, j), left, right].map((values) => {
              const tensor = backend.alloc(values.length);
              backend.write(tensor, values);
              return tensor;
            }) as [Tensor, Tensor, Tensor];
            const [out, ...factors] = tensors;
            const sizes = { rows: i[1] - i[0], columns: j[1] - j[0], inner: k };
            const plus = accumulate ? out : undefined;
            backend.matmul({ form, out, a: factors[0], b: factors[1], ...sizes, plus });
            const result = await backend.read(out);
            for (const tensor of tensors) backend.free(tensor);
            return result;
          };
          const whole = await product([0, m], [0, n]);
          const [row, column] = [Math.min(shape.row, m), Math.min(shape.column, n)];
          for (const i of [[0, row] as const, [row, m] as const]) {
            for (const j of [[0, column] as const, [column, n] as const]) {
              const part = await product(i, j);
              expect(bytes(part).equals(bytes(submatrix(whole, n, i, j)))).toBe(true);
            }
          }
        }),
        { numRuns: 60, seed },
      );
    });
  });
}

type Range = readonly [from: number, to: number];

/** Rows r0..r1 and columns c0..c1 of a row-major matrix of `width` columns. */
function submatrix(x: Float32Array, width: number, [r0, r1]: Range, [c0, c1]: Range): Float32Array {
  const out = new Float32Array((r1 - r0) * (c1 - c0));
  for (let r = r0; r < r1; r++) out.set(x.subarray(r * width + c0, r * width + c1), (r - r0) * (c1 - c0));
  return out;
}
