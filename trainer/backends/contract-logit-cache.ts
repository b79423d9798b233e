/** Whatever logits the head caches for its backward pass, the results are the same, bit for bit. */
import { describe, expect, it } from 'vitest';
import { type Backend, cachedRowLength, cachedRows } from './backend';
import { expectSameAsReference, type Program, runProgram, sameBits } from './contract-session';

interface Shape {
  readonly rows: number;
  readonly dim: number;
  readonly vocab: number;
}

/** `cacheLength`: elements of the logit cache; null: without one. `withHead`: the head is trained, too. */
export function headProgram({ rows, dim, vocab }: Shape, cacheLength: number | null, withHead = true): Program {
  return (s) => {
    const hidden = s.input(rows * dim, 2);
    const head = s.input(vocab * dim);
    const targets = s.indices(rows, vocab);
    const coefficient = s.input(rows);
    const logSumExp = s.output('logSumExp', rows);
    const logProb = s.output('logProb', rows);
    const dHidden = s.output('dHidden', rows * dim);
    const dHead = withHead ? s.output('dHead', vocab * dim) : null;
    const logitCache = cacheLength === null ? null : s.input(cacheLength);
    s.backend.logProb({ logProb, logSumExp, hidden, head, targets, rows, dim, vocab, logitCache });
    s.backend.logProbBackward({
      dHidden,
      dHead,
      coefficient,
      logSumExp,
      hidden,
      head,
      targets,
      rows,
      dim,
      vocab,
      logitCache,
    });
  };
}

/** Lengths of a cache without room for one row, then with room for some, all and more than all of them. */
export function cacheLengths({ rows, vocab }: Shape): number[] {
  const row = cachedRowLength(vocab);
  const some = [1, rows >> 1, rows - 1].filter((count) => count > 0 && count < rows);
  return [0, row - 1, ...some.flatMap((count) => [count * row, count * row + 3]), rows * row, (rows + 2) * row];
}

export function describeLogitCache(name: string, create: () => Promise<Backend>): void {
  describe(`${name}: logProb with a logit cache`, () => {
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
          for (const length of cacheLengths(shape)) {
            const kind = `${cachedRows({ length, dtype: 'f32' }, rows, vocab)} rows cached`;
            const actual = await runProgram(backend, 1, headProgram(shape, length, withHead));
            for (const [output, values] of plain) {
              expect(sameBits(actual.get(output)!, values), `${output}, ${kind}`).toBe(true);
            }
          }
        }
        backend.dispose();
        await expectSameAsReference(create, 1, headProgram(shape, (rows >> 1) * cachedRowLength(vocab)), 3e-6);
      });
    }

    it('of more rows than the CPU takes at a time, in either part of them', async () => {
      const backend = await create();
      const shape = { rows: 530, dim: 12, vocab: 520 };
      const plain = await runProgram(backend, 1, headProgram(shape, null));
      for (const rows of [300, 520]) {
        const actual = await runProgram(backend, 1, headProgram(shape, rows * cachedRowLength(shape.vocab)));
        for (const [output, values] of plain) {
          expect(sameBits(actual.get(output)!, values), `${output}, ${rows} rows cached`).toBe(true);
        }
      }
      backend.dispose();
    });

    it('writes nothing behind the rows that fit', async () => {
      const b = await create();
      const [rows, dim, vocab] = [4, 3, 10];
      const length = 2 * cachedRowLength(vocab) + 7;
      const [logitCache, head, targets] = [b.alloc(length), b.alloc(vocab * dim), b.allocInt(rows)];
      b.fill(logitCache, 0.5);
      b.logProb({
        logProb: b.alloc(rows),
        logSumExp: b.alloc(rows),
        hidden: b.alloc(rows * dim),
        head,
        targets,
        rows,
        dim,
        vocab,
        logitCache,
      });
      const behind = await b.read(logitCache, length - 7);
      expect([...behind]).toEqual(Array(7).fill(0.5));
      b.dispose();
    });

    it('refuses a buffer that is in use for something else', async () => {
      const b = await create();
      const [hidden, head, lse, out] = [b.alloc(6), b.alloc(9), b.alloc(2), b.alloc(2)];
      const targets = b.allocInt(2);
      expect(() =>
        b.logProb({ logProb: out, logSumExp: lse, hidden, head, targets, rows: 2, dim: 3, vocab: 3, logitCache: head }),
      ).toThrow(/logitCache may not be the same/);
      expect(() =>
        b.logProb({
          logProb: out,
          logSumExp: lse,
          hidden,
          head,
          targets,
          rows: 2,
          dim: 3,
          vocab: 3,
          logitCache: targets,
        }),
      ).toThrow(/logitCache must be f32/);
      const back = (logitCache: typeof head) =>
        b.logProbBackward({
          dHidden: b.alloc(6),
          dHead: head,
          coefficient: out,
          logSumExp: lse,
          hidden,
          head: b.alloc(9),
          targets,
          rows: 2,
          dim: 3,
          vocab: 3,
          logitCache,
        });
      expect(() => back(head)).toThrow(/dHead may not be the same tensor as logitCache/);
      expect(() => back(lse)).toThrow(/logitCache may not be the same tensor as logSumExp/);
      b.dispose();
    });
  });
}

/** The cache is read: with other logits in it the gradient is another one. For backends that use it. */
export async function expectCacheIsRead(backend: Backend): Promise<void> {
  const [rows, dim, vocab] = [6, 8, 40];
  const gradient = (overwritten: boolean) =>
    runProgram(backend, 3, (s) => {
      const [hidden, head, targets] = [s.input(rows * dim), s.input(vocab * dim), s.indices(rows, vocab)];
      const logitCache = s.backend.alloc(4 * cachedRowLength(vocab));
      const lse = s.output('logSumExp', rows);
      const logProb = s.backend.alloc(rows);
      const dHidden = s.output('dHidden', rows * dim);
      s.backend.logProb({ logProb, logSumExp: lse, hidden, head, targets, rows, dim, vocab, logitCache });
      if (overwritten) s.backend.fill(logitCache, 0);
      const ones = s.floats(new Float32Array(rows).fill(1));
      s.backend.logProbBackward({
        dHidden,
        dHead: null,
        coefficient: ones,
        logSumExp: lse,
        hidden,
        head,
        targets,
        rows,
        dim,
        vocab,
        logitCache,
      });
    });
  const [right, wrong] = [await gradient(false), await gradient(true)];
  const changed = Array.from({ length: rows }, (_, row) => {
    const of = (results: typeof right) => results.get('dHidden')!.slice(row * dim, (row + 1) * dim);
    return !sameBits(of(right), of(wrong));
  });
  expect(changed).toEqual([true, true, true, true, false, false]);
}
