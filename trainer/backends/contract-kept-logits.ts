/** Whatever logits the head keeps for its backward pass, the results are the same, bit for bit. */
import { describe, expect, it } from 'vitest';
import { type Backend, keptRowLength, keptRows } from './backend';
import { expectSameAsReference, type Program, runProgram, sameBits } from './contract-session';

interface Shape {
  readonly rows: number;
  readonly dim: number;
  readonly vocab: number;
}

/** `kept`: elements of the buffer; null: without one. */
export function headProgram({ rows, dim, vocab }: Shape, kept: number | null, withHead = true): Program {
  return (s) => {
    const hidden = s.input(rows * dim, 2);
    const head = s.input(vocab * dim);
    const targets = s.indices(rows, vocab);
    const coefficient = s.input(rows);
    const logSumExp = s.output('logSumExp', rows);
    const logProb = s.output('logProb', rows);
    const dHidden = s.output('dHidden', rows * dim);
    const dHead = withHead ? s.output('dHead', vocab * dim) : null;
    const buffer = kept === null ? null : s.input(kept);
    s.backend.logProb(logProb, logSumExp, hidden, head, targets, rows, dim, vocab, buffer);
    s.backend.logProbBackward(dHidden, dHead, coefficient, logSumExp, hidden, head, targets, rows, dim, vocab, buffer);
  };
}

/** A buffer too short for one row, then for some, all and more than all of them. */
export function keptLengths({ rows, vocab }: Shape): number[] {
  const row = keptRowLength(vocab);
  const some = [1, rows >> 1, rows - 1].filter((count) => count > 0 && count < rows);
  return [0, row - 1, ...some.flatMap((count) => [count * row, count * row + 3]), rows * row, (rows + 2) * row];
}

export function describeKeptLogits(name: string, create: () => Promise<Backend>): void {
  describe(`${name}: logProb that keeps logits`, () => {
    for (const shape of [
      { rows: 1, dim: 5, vocab: 3 },
      { rows: 7, dim: 64, vocab: 512 },
      { rows: 33, dim: 10, vocab: 1031 },
    ]) {
      const { rows, dim, vocab } = shape;
      it(`of none, some or all of ${rows} rows of ${dim}, vocabulary ${vocab}`, async () => {
        const backend = await create();
        for (const withHead of [true, false]) {
          const plain = await runProgram(backend, 1, headProgram(shape, null, withHead));
          for (const kept of keptLengths(shape)) {
            const kind = `${keptRows({ length: kept, dtype: 'f32' }, rows, vocab)} rows kept`;
            const actual = await runProgram(backend, 1, headProgram(shape, kept, withHead));
            for (const [output, values] of plain) {
              expect(sameBits(actual.get(output)!, values), `${output}, ${kind}`).toBe(true);
            }
          }
        }
        backend.dispose();
        await expectSameAsReference(create, 1, headProgram(shape, (rows >> 1) * keptRowLength(vocab)), 3e-6);
      });
    }

    it('of more rows than the CPU takes at a time, in either part of them', async () => {
      const backend = await create();
      const shape = { rows: 530, dim: 12, vocab: 520 };
      const plain = await runProgram(backend, 1, headProgram(shape, null));
      for (const rows of [300, 520]) {
        const actual = await runProgram(backend, 1, headProgram(shape, rows * keptRowLength(shape.vocab)));
        for (const [output, values] of plain) {
          expect(sameBits(actual.get(output)!, values), `${output}, ${rows} rows kept`).toBe(true);
        }
      }
      backend.dispose();
    });

    it('writes nothing behind the rows that it keeps', async () => {
      const b = await create();
      const [rows, dim, vocab] = [4, 3, 10];
      const length = 2 * keptRowLength(vocab) + 7;
      const [kept, head, targets] = [b.alloc(length), b.alloc(vocab * dim), b.allocInt(rows)];
      b.fill(kept, 0.5);
      b.logProb(b.alloc(rows), b.alloc(rows), b.alloc(rows * dim), head, targets, rows, dim, vocab, kept);
      const behind = await b.read(kept, length - 7);
      expect([...behind]).toEqual(Array(7).fill(0.5));
      b.dispose();
    });

    it('refuses a buffer that is in use for something else', async () => {
      const b = await create();
      const [hidden, head, lse, out] = [b.alloc(6), b.alloc(9), b.alloc(2), b.alloc(2)];
      const targets = b.allocInt(2);
      expect(() => b.logProb(out, lse, hidden, head, targets, 2, 3, 3, head)).toThrow(/kept may not be the same/);
      expect(() => b.logProb(out, lse, hidden, head, targets, 2, 3, 3, targets)).toThrow(/kept must be f32/);
      const back = (kept: typeof head) =>
        b.logProbBackward(b.alloc(6), head, out, lse, hidden, b.alloc(9), targets, 2, 3, 3, kept);
      expect(() => back(head)).toThrow(/dHead may not be the same tensor as kept/);
      expect(() => back(lse)).toThrow(/kept may not be the same tensor as logSumExp/);
      b.dispose();
    });
  });
}

/** What is kept is used: with other logits in the buffer the gradient is another one. For backends that do keep. */
export async function expectKeptIsUsed(backend: Backend): Promise<void> {
  const [rows, dim, vocab] = [6, 8, 40];
  const gradient = (spoilt: boolean) =>
    runProgram(backend, 3, (s) => {
      const [hidden, head, targets] = [s.input(rows * dim), s.input(vocab * dim), s.indices(rows, vocab)];
      const kept = s.backend.alloc(4 * keptRowLength(vocab));
      const lse = s.output('logSumExp', rows);
      const logProb = s.backend.alloc(rows);
      const dHidden = s.output('dHidden', rows * dim);
      s.backend.logProb(logProb, lse, hidden, head, targets, rows, dim, vocab, kept);
      if (spoilt) s.backend.fill(kept, 0);
      const ones = s.floats(new Float32Array(rows).fill(1));
      s.backend.logProbBackward(dHidden, null, ones, lse, hidden, head, targets, rows, dim, vocab, kept);
    });
  const [right, wrong] = [await gradient(false), await gradient(true)];
  const changed = Array.from({ length: rows }, (_, row) => {
    const of = (results: typeof right) => results.get('dHidden')!.slice(row * dim, (row + 1) * dim);
    return !sameBits(of(right), of(wrong));
  });
  expect(changed).toEqual([true, true, true, true, false, false]);
}
