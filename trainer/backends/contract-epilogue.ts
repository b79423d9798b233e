/** What holds for the epilogues of a product: bias, another matrix or C itself, a gate, and any of them together. */
import { describe, expect, it } from 'vitest';
import type { Backend, Epilogue, MatmulForm } from './backend';
import { expectSameAsReference, type Session } from './contract-session';

const SHAPES = [
  [1, 1, 1],
  [5, 7, 9],
  [17, 33, 13],
  [33, 64, 48],
  [70, 132, 100],
] as const;
const PARTS = ['plus', 'own', 'bias', 'swiglu'] as const;
type Part = (typeof PARTS)[number];
const COMBINATIONS: readonly (readonly Part[])[] = [
  ...PARTS.map((part) => [part]),
  ['plus', 'bias'],
  ['own', 'bias', 'swiglu'],
  ['plus', 'bias', 'swiglu'],
];

export function describeEpilogues(name: string, create: () => Promise<Backend>): void {
  describe(`${name}: epilogues`, () => {
    for (const parts of COMBINATIONS) {
      it(`${parts.join(' and ')}, in every form`, async () => {
        for (const [i, [m, n, k]] of SHAPES.entries()) {
          for (const form of ['nt', 'nn', 'tn'] as const) {
            await expectSameAsReference(create, 40 + i, (s) => record(s, form, m, n, k, parts), 2e-6);
          }
        }
      });
    }

    it('with nothing to sum', async () => {
      for (const parts of COMBINATIONS) {
        await expectSameAsReference(create, 50, (s) => record(s, 'nt', 6, 8, 0, parts), 2e-6);
      }
    });

    it('gates of over a hundred saturate', async () => {
      await expectSameAsReference(create, 51, (s) => record(s, 'nt', 9, 12, 5, ['swiglu'], 150), 2e-6);
    });

    it('refuses what is too short, of another type, or shared', async () => {
      const b = await create();
      const [a, x, c] = [b.alloc(6), b.alloc(6), b.alloc(9)];
      const [short, ints, other] = [b.alloc(2), b.allocInt(9), b.alloc(9)];
      const run = (epilogue: Epilogue) => () => b.matmul('nt', c, a, x, 3, 3, 2, epilogue);
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
  form: MatmulForm,
  m: number,
  n: number,
  k: number,
  parts: readonly Part[],
  gateSize = 3,
): void {
  const c = s.output('c', m * n);
  const [a, b] = [s.input(m * k), s.input(n * k)];
  const own = parts.includes('own');
  s.backend.matmul(form, c, a, b, m, n, k, {
    plus: own ? c : parts.includes('plus') ? s.input(m * n) : undefined,
    bias: parts.includes('bias') ? s.input(n) : undefined,
    swiglu: parts.includes('swiglu') ? { out: s.output('gated', m * n), gate: s.input(m * n, gateSize) } : undefined,
  });
}
