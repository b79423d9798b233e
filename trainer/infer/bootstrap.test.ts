import { describe, expect, it } from 'vitest';
import { bootstrapInterval, describeInterval, type Tally } from './bootstrap';

const tallies = (...rights: number[]): Tally[] => rights.map((right) => ({ right, of: 1 }));

describe('bootstrapInterval', () => {
  /**
   * Worked out apart from this code: with two prompts, one right and one wrong, a resample is 0, ½ or 1 with
   * probability ¼, ½, ¼; with n prompts and k right it is Binomial(n, k/n) / n, whose 2.5 % and 97.5 % quantiles
   * are (by exact fractions): n 20, k 10: 6 and 14; n 50, k 40: 34 and 45; n 100, k 3: 0 and 7.
   */
  it.each([
    { of: 2, right: 1, interval: [0, 1] },
    { of: 20, right: 10, interval: [6 / 20, 14 / 20] },
    { of: 50, right: 40, interval: [34 / 50, 45 / 50] },
    { of: 100, right: 3, interval: [0, 7 / 100] },
  ])("has the binomial distribution's quantiles for $right of $of", ({ of, right, interval }) => {
    const some = tallies(...Array.from({ length: of }, (_, i) => (i < right ? 1 : 0)));
    const got = bootstrapInterval(some, { seed: 11, resamples: 20_000 })!;
    expect(got[0]).toBeCloseTo(interval[0]!, 10);
    expect(got[1]).toBeCloseTo(interval[1]!, 10);
  });

  it('draws the same on every machine: a known vector', () => {
    // Ten resamples drawn by mulberry32 of seed 5, written again in Python with exact fractions; sorted, they are
    // 1/14 3/10 5/12 4/9 1/2 1/2 5/8 15/22 5/7 3/4, and the interval goes from the first to the last.
    const some = [...tallies(1, 0, 0.5), { right: 3, of: 4 }, { right: 0, of: 2 }];
    expect(bootstrapInterval(some, { seed: 5, resamples: 10 })).toEqual([1 / 14, 3 / 4]);
  });

  it('weighs a prompt by what it holds', () => {
    const some = [
      { right: 90, of: 90 },
      { right: 0, of: 10 },
    ];
    expect(bootstrapInterval(some)).toEqual([0, 1]);
  });

  it('is certain where all agree, and null where there is nothing to compare', () => {
    expect(bootstrapInterval(tallies(1, 1, 1))).toEqual([1, 1]);
    expect(bootstrapInterval(tallies(1))).toBeNull();
    expect(bootstrapInterval([])).toBeNull();
  });

  it('is described in words', () => expect(describeInterval([0.55, 0.842])).toBe('95 % interval 55.0 % to 84.2 %'));
});
