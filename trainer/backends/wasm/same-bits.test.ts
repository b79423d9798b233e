/** Any number of threads, and any cut of a product, gives the same bits: compared with one thread, op by op. */
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { Backend, MatmulForm, SegmentLayout, Tensor } from '../backend';
import { headProgram } from '../contract-kept-logits';
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

/** Segments as packing makes them: prompts of up to 90 rows, each with up to three responses that see it. */
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
    s.backend.matmul(form, c, s.input(m * k), s.input(n * k), m, n, k, more ? epilogue : {});
  }),
  rows: fc.tuple(size(70), size(150), size(40)).map(([rows, dim, vocab]) => (s) => {
    const { backend: b } = s;
    const indices = s.indices(rows, vocab);
    b.addBiasBackward(s.output('addBiasBackward', dim), s.input(rows * dim), rows, dim);
    b.gatherRows(s.output('gatherRows', rows * dim), s.input(vocab * dim), indices, rows, dim);
    b.scatterAddRows(s.output('scatterAddRows', vocab * dim), s.input(rows * dim), indices, rows, dim);
    const [x, weight, inverse] = [s.input(rows * dim), s.input(dim), s.output('inverseRms', rows)];
    b.rmsNorm(s.output('rmsNorm', rows * dim), inverse, x, weight, rows, dim, 1e-5);
    const [dX, dWeight, dOut] = [s.output('dX', rows * dim), s.output('dWeight', dim), s.input(rows * dim)];
    b.rmsNormBackward(dX, dWeight, dOut, x, weight, inverse, rows, dim, vocab > 20);
    const angles = s.input(vocab * dim);
    b.rope(s.output('rope', rows * 3 * 2 * dim), indices, angles, s.input(vocab * dim), rows, 3, 2 * dim, -1);
  }),
  pointwise: size(9000).map((length) => (s) => {
    const { backend: b } = s;
    b.add(s.output('add', length), s.input(length + 5));
    const [scaled, dropped] = [s.output('scale', length), s.output('dropout', length)];
    b.fill(scaled, 3);
    b.scale(scaled, 1.1, length);
    b.dropout(dropped, s.input(length), length, 0.3, 7, length % 2 === 0);
    const [dGate, dUp] = [s.output('dGate', length), s.output('dUp', length)];
    b.swigluBackward(dGate, dUp, s.input(length), s.input(length, 9), s.input(length), length);
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
    s.backend.attention(out, lse, q, k, v, shape);
    const [dQ, dK, dV] = [s.output('dQ', wide), s.output('dK', narrow), s.output('dV', narrow)];
    s.backend.attentionBackward(dQ, dK, dV, s.input(wide), out, lse, q, k, v, shape);
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
          const product = async (i0: number, i1: number, j0: number, j1: number) => {
            const [rows, columns] = [i1 - i0, j1 - j0];
            const left = form === 'tn' ? cut(a, m, 0, k, i0, i1) : cut(a, k, i0, i1, 0, k);
            const right = form === 'nt' ? cut(b, k, j0, j1, 0, k) : cut(b, n, 0, k, j0, j1);
            const tensors = [cut(c, n, i0, i1, j0, j1), left, right].map((values) => {
              const tensor = backend.alloc(values.length);
              backend.write(tensor, values);
              return tensor;
            }) as [Tensor, Tensor, Tensor];
            backend.matmul(form, ...tensors, rows, columns, k, accumulate ? { plus: tensors[0] } : {});
            const result = await backend.read(tensors[0]);
            for (const tensor of tensors) backend.free(tensor);
            return result;
          };
          const whole = await product(0, m, 0, n);
          const [row, column] = [Math.min(shape.row, m), Math.min(shape.column, n)];
          for (const [i0, i1] of [[0, row] as const, [row, m] as const]) {
            for (const [j0, j1] of [[0, column] as const, [column, n] as const]) {
              const part = await product(i0, i1, j0, j1);
              expect(bytes(part).equals(bytes(cut(whole, n, i0, i1, j0, j1)))).toBe(true);
            }
          }
        }),
        { numRuns: 60, seed },
      );
    });
  });
}

/** Rows r0..r1 and columns c0..c1 of a row-major matrix of `width` columns. */
function cut(x: Float32Array, width: number, r0: number, r1: number, c0: number, c1: number): Float32Array {
  const out = new Float32Array((r1 - r0) * (c1 - c0));
  for (let r = r0; r < r1; r++) out.set(x.subarray(r * width + c0, r * width + c1), (r - r0) * (c1 - c0));
  return out;
}
