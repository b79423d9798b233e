import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diffWords, equalRuns } from './word-diff';

const show = (left: string, right: string) => {
  const diff = diffWords(left, right);
  const side = (parts: { text: string; changed: boolean }[]) =>
    parts.map(({ text, changed }) => (changed ? `{${text}}` : text)).join('');
  return [side(diff.left), side(diff.right)];
};

/** The longest common subsequence the slow, certain way. */
function longest(a: readonly number[], b: readonly number[]): number {
  let row = new Array<number>(b.length + 1).fill(0);
  for (const x of a) {
    const next = [0];
    for (let j = 0; j < b.length; j++) next.push(x === b[j] ? row[j]! + 1 : Math.max(row[j + 1]!, next[j]!));
    row = next;
  }
  return row.at(-1)!;
}

describe('diffWords', () => {
  it('marks the words that differ, not the letters', () => {
    expect(show('The cat sat.', 'The dog sat.')).toEqual(['The {cat }sat.', 'The {dog }sat.']);
    expect(show('It is 12 km.', 'It is 13 km.')).toEqual(['It is {12 }km.', 'It is {13 }km.']);
  });

  it('marks what only one side has', () => {
    expect(show('one three', 'one two three')).toEqual(['one three', 'one {two }three']);
    expect(show('', 'new')).toEqual(['', '{new}']);
    expect(show('same', 'same')).toEqual(['same', 'same']);
  });

  it('does not take another line break for another word', () => {
    expect(show('a b\nc', 'a b c')).toEqual(['a b\nc', 'a b c']);
  });

  it('compares Chinese character by character and keeps accents with their letters', () => {
    expect(show('我喜欢猫', '我喜欢狗')).toEqual(['我喜欢{猫}', '我喜欢{狗}']);
    expect(show('cafe\u0301', 'cafe')).toEqual(['{cafe\u0301}', '{cafe}']);
  });

  it('gives both texts back, whatever they are', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 200 }),
        fc.string({ unit: 'grapheme', maxLength: 200 }),
        (left, right) => {
          const diff = diffWords(left, right);
          expect(diff.left.map(({ text }) => text).join('')).toBe(left);
          expect(diff.right.map(({ text }) => text).join('')).toBe(right);
        },
      ),
    );
  });

  it('is done soon with 4,000 words that share little, and with 40,000', () => {
    const words = (count: number, seed: number) =>
      Array.from({ length: count }, (_, i) => `w${(i * 7919 * seed + ((i * i) % 977)) % 1500}`).join(' ');
    const started = performance.now();
    diffWords(words(4000, 3), words(4000, 5));
    diffWords(words(40_000, 3), words(40_000, 5));
    // Not a timing: without the bound this takes minutes.
    expect(performance.now() - started).toBeLessThan(30_000);
  });
});

describe('equalRuns', () => {
  const word = fc.integer({ min: 0, max: 5 });
  const total = (runs: { length: number }[]) => runs.reduce((sum, { length }) => sum + length, 0);

  it('is a common subsequence, and a longest one while effort is not bounded', () => {
    fc.assert(
      fc.property(fc.array(word, { maxLength: 40 }), fc.array(word, { maxLength: 40 }), (a, b) => {
        for (const effort of [1, 3, 10_000]) {
          const runs = equalRuns(Int32Array.from(a), Int32Array.from(b), effort);
          let [endA, endB] = [0, 0];
          for (const run of runs) {
            expect(run.a).toBeGreaterThanOrEqual(endA);
            expect(run.b).toBeGreaterThanOrEqual(endB);
            expect(a.slice(run.a, run.a + run.length)).toEqual(b.slice(run.b, run.b + run.length));
            [endA, endB] = [run.a + run.length, run.b + run.length];
          }
          if (effort === 10_000) expect(total(runs)).toBe(longest(a, b));
        }
      }),
      { numRuns: 500 },
    );
  });
});
