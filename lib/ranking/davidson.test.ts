import { describe, expect, it } from 'vitest';
import { names, puddings, resultsOf } from './comparison-results.test-support';
import { davidson } from './davidson';

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
