import { describe, expect, it } from 'vitest';
import { davidson, type Results } from './davidson';

/** Results of n items from lines of [first, second, wins, losses, ties], items counted from 0. */
function resultsOf(n: number, lines: readonly (readonly [number, number, number, number, number])[]): Results {
  const square = () => Array.from({ length: n }, () => new Array<number>(n).fill(0));
  const [wins, ties] = [square(), square()];
  for (const [i, j, won, lost, tied] of lines) {
    wins[i]![j] = won;
    wins[j]![i] = lost;
    ties[i]![j] = tied;
    ties[j]![i] = tied;
  }
  return { wins, ties };
}
const names = (n: number) => Array.from({ length: n }, (_, i) => 'ABCDEF'[i]!);

/** Davidson's own example: six puddings. */
const puddings = (() => {
  const pairs = ['12', '13', '23', '14', '24', '34', '15', '25', '35', '45', '16', '26', '36', '46', '56'];
  const wins = [19, 16, 19, 18, 23, 19, 13, 16, 16, 17, 18, 22, 13, 14, 11];
  const losses = [22, 19, 19, 23, 19, 20, 19, 20, 15, 14, 21, 20, 18, 19, 21];
  const ties = [16, 12, 10, 13, 9, 15, 18, 12, 17, 16, 12, 12, 10, 18, 12];
  return resultsOf(
    6,
    pairs.map((pair, k) => [Number(pair[0]) - 1, Number(pair[1]) - 1, wins[k]!, losses[k]!, ties[k]!] as const),
  );
})();

describe("Davidson's model", () => {
  const { strengths } = davidson(names(6), puddings);

  it('has the converged worths, tie and log-likelihood of the puddings', () => {
    const worths = [0.1388034, 0.1730015, 0.1617474, 0.165373, 0.1586854, 0.2023893];
    strengths!.worths.forEach((worth, i) => void expect(worth).toBeCloseTo(worths[i]!, 6));
    expect(strengths!.tie).toBeCloseTo(0.746823, 6);
    expect(strengths!.logLikelihood).toBeCloseTo(-809.70951, 5);
  });

  it('is near the published worths, which were not iterated to the end', () => {
    const published = [0.1388005, 0.1729985, 0.161742, 0.165393, 0.1586805, 0.2023855];
    strengths!.worths.forEach((worth, i) => void expect(Math.abs(worth - published[i]!)).toBeLessThan(3e-5));
    expect(Math.abs(strengths!.tie - 0.7468147)).toBeLessThan(1e-5);
  });

  it('has the published standard errors, those of logarithms beside the first item', () => {
    const { covariance, tieStandardError } = strengths!;
    const errors = [1, 2, 3, 4, 5].map((i) =>
      Math.sqrt(covariance[0]![0]! + covariance[i]![i]! - 2 * covariance[0]![i]!),
    );
    expect(errors.map((error) => error.toFixed(4))).toEqual(['0.1872', '0.1935', '0.1882', '0.1927', '0.1924']);
    expect(tieStandardError!.toFixed(4)).toBe('0.0825');
  });

  it('is Bradley and Terry\u2019s where nothing is tied', () => {
    const results = resultsOf(4, [
      [0, 1, 2, 3, 0],
      [0, 3, 1, 4, 0],
      [1, 2, 5, 3, 0],
      [2, 3, 1, 3, 0],
    ]);
    const { worths, tie } = davidson(names(4), results).strengths!;
    const mean = Math.exp(worths.reduce((sum, worth) => sum + Math.log(worth), 0) / 4);
    expect(worths.map((worth) => (worth / mean).toFixed(3))).toEqual(['0.640', '1.043', '0.660', '2.270']);
    expect(tie).toBe(0);
  });

  it('gives equals equal worths', () => {
    const { worths } = davidson(
      names(3),
      resultsOf(3, [
        [0, 1, 4, 4, 2],
        [1, 2, 3, 3, 1],
        [0, 2, 5, 5, 0],
      ]),
    ).strengths!;
    for (const worth of worths) expect(worth).toBeCloseTo(1 / 3, 10);
  });

  it.each<[string, number, [number, number, number, number, number][], object]>([
    ['one source', 1, [], { key: 'trainer.fewerThanTwoSources' }],
    [
      'two groups that nothing compares',
      4,
      [
        [0, 1, 2, 1, 0],
        [2, 3, 1, 2, 0],
      ],
      {
        key: 'trainer.sourcesNotCompared',
        values: { first: 'A', second: 'C' },
      },
    ],
    [
      'one that always wins',
      3,
      [
        [0, 1, 1, 1, 1],
        [2, 0, 4, 0, 0],
        [2, 1, 4, 0, 0],
      ],
      {
        key: 'trainer.sourcesNeverBeaten',
        values: { sources: 'C' },
      },
    ],
    [
      'two that only lose to each other',
      3,
      [
        [0, 1, 2, 1, 0],
        [0, 2, 4, 0, 0],
      ],
      {
        key: 'trainer.sourcesNeverBeaten',
        values: { sources: 'A, B' },
      },
    ],
    ['nothing but ties', 2, [[0, 1, 0, 0, 5]], { key: 'trainer.resultsFitSteps' }],
    [
      'a ladder: won by a step, tied by none',
      3,
      [
        [0, 1, 3, 0, 1],
        [1, 2, 2, 0, 1],
      ],
      { key: 'trainer.resultsFitSteps' },
    ],
  ])('says in words why there are no strengths: %s', (_, n, lines, reason) => {
    const results = resultsOf(n, lines);
    expect(davidson(names(n), results)).toEqual({ strengths: null, reason });
  });

  it('has strengths as soon as one result speaks against it', () => {
    expect(davidson(names(2), resultsOf(2, [[0, 1, 3, 1, 1]])).strengths).not.toBeNull();
    expect(
      davidson(
        names(3),
        resultsOf(3, [
          [0, 1, 3, 0, 1],
          [1, 2, 2, 0, 1],
          [0, 2, 0, 1, 0],
        ]),
      ).strengths,
    ).not.toBeNull();
  });
});
