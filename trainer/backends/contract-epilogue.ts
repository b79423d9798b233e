/** The contract of matmul epilogues: bias, another matrix or the output itself, a gate, and any of them together. */
import { describe, expect, it } from 'vitest';
import type { Backend, Epilogue, MatmulArguments, MatmulForm } from './backend';
import { expectSameAsReference, type Session } from './contract-session';

const SHAPES = [
  [1, 1, 1],
  [5, 7, 9],
  [17, 33, 13],
  [33, 64, 48],
  [70, 132, 100],
] as const;
const PARTS = ['plus', 'accumulate', 'bias', 'swiglu'] as const;
type Part = (typeof PARTS)[number];
const COMBINATIONS: readonly (readonly Part[])[] = [
  ...PARTS.map((part) => [part]),
  ['plus', 'bias'],
  ['accumulate', 'bias', 'swiglu'],
  ['plus', 'bias', 'swiglu'],
];

export const FORMS: readonly MatmulForm[] = ['nt', 'nn', 'tn'];

/** The forms that the epilogue of this number is tried with. */
type EpilogueForms = (epilogue: number) => readonly MatmulForm[];

export const everyForm: EpilogueForms = () => FORMS;

/**
 * For a backend that takes long to compile each epilogue with each form, and makes both from independent parts of source
 * (webgpu/kernels/matmul.test.ts): each epilogue with one form, each form with several epilogues.
 */
export const formsInTurn: EpilogueForms = (epilogue) => [FORMS[epilogue % FORMS.length]!];

export function describeEpilogues(name: string, create: () => Promise<Backend>, formsOf: EpilogueForms): void {
  describe(`${name}: epilogues`, () => {
    for (const [number, parts] of COMBINATIONS.entries()) {
      it(`${parts.join(' and ')}, in ${formsOf(number).join(', ')}`, async () => {
        for (const [i, [m, n, k]] of SHAPES.entries()) {
          for (const form of formsOf(number)) {
            await expectSameAsReference(
              create,
              40 + i,
              (s) => record(s, parts, { form, rows: m, columns: n, inner: k }),
              2e-6,
            );
          }
        }
      });
    }

    it('with nothing to sum', async () => {
      for (const [number, parts] of COMBINATIONS.entries()) {
        const form = formsOf(number)[0]!;
        await expectSameAsReference(create, 50, (s) => record(s, parts, { form, rows: 6, columns: 8, inner: 0 }), 2e-6);
      }
    });

    it('a scale multiplies the product, and leaves no epilogue', async () => {
      for (const [i, [m, n, k]] of SHAPES.entries()) {
        const form = formsOf(i)[0]!;
        const scaled = (s: Session) => record(s, [], { form, rows: m, columns: n, inner: k, scale: -1.75 });
        await expectSameAsReference(create, 60 + i, scaled, 2e-6);
        const both = (s: Session) => record(s, ['plus'], { form, rows: m, columns: n, inner: k, scale: 2 });
        await expect(expectSameAsReference(create, 60 + i, both, 2e-6)).rejects.toThrow(/scale leaves no epilogue/);
      }
    });

    it('gates of over a hundred saturate', async () => {
      await expectSameAsReference(
        create,
        51,
        (s) => record(s, ['swiglu'], { form: 'nt', rows: 9, columns: 12, inner: 5 }, 150),
        2e-6,
      );
    });

    it('refuses what is too short, of another type, or shared', async () => {
      const b = await create();
      const [a, x, c] = [b.alloc(6), b.alloc(6), b.alloc(9)];
      const [short, ints, other] = [b.alloc(2), b.allocInt(9), b.alloc(9)];
      const run = (epilogue: Epilogue) => () =>
        b.matmul({ form: 'nt', out: c, a, b: x, rows: 3, columns: 3, inner: 2, ...epilogue });
      expect(run({ plus: short })).toThrow(/plus has 2 elements, the call needs 9/);
      expect(run({ bias: short })).toThrow(/bias has 2 elements, the call needs 3/);
      expect(run({ plus: ints })).toThrow(/plus must be f32, not i32/);
      expect(run({ bias: c })).toThrow(/same tensor/);
      expect(run({ swiglu: { out: c, gate: other } })).toThrow(/same tensor/);
      expect(run({ swiglu: { out: other, gate: c } })).toThrow(/same tensor/);
      expect(run({ swiglu: { out: other, gate: short } })).toThrow(/gate has 2/);
      expect(run({ plus: c, bias: other, swiglu: { out: b.alloc(9), gate: other } })).not.toThrow();
      b.dispose();
    });
  });
}

function record(
  s: Session,
  parts: readonly Part[],
  product: Pick<MatmulArguments, 'form' | 'rows' | 'columns' | 'inner' | 'scale'>,
  gateSize = 3,
): void {
  const { rows, columns, inner } = product;
  const size = rows * columns;
  const out = s.output('out', size);
  const [a, b] = [s.input(rows * inner), s.input(columns * inner)];
  const addend = parts.includes('plus') ? s.input(size) : undefined;
  s.backend.matmul({
    ...product,
    out,
    a,
    b,
    plus: parts.includes('accumulate') ? out : addend,
    bias: parts.includes('bias') ? s.input(columns) : undefined,
    swiglu: parts.includes('swiglu') ? { out: s.output('gated', size), gate: s.input(size, gateSize) } : undefined,
  });
}
