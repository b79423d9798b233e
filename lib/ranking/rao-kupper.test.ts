import { describe, expect, it } from 'vitest';
import { names, puddings, resultsOf } from './comparison-results.test-support';
import { davidson } from './davidson';
import { raoKupper } from './rao-kupper';

describe("Rao and Kupper's model", () => {
  it('has the worths, threshold and log-likelihood of the puddings', () => {
    const { worths, threshold, logLikelihood } = raoKupper(puddings);
    expect(worths.map((worth) => worth.toFixed(6))).toEqual([
      '0.144399',
      '0.171794',
      '0.162817',
      '0.166078',
      '0.160381',
      '0.194531',
    ]);
    expect(threshold).toBeCloseTo(1.748457, 6);
    expect(logLikelihood).toBeCloseTo(-809.697133, 6);
  });

  it('is Bradley and Terry\u2019s where nothing is tied, as Davidson\u2019s is', () => {
    const results = resultsOf(4, [
      [0, 1, 2, 3, 0],
      [0, 3, 1, 4, 0],
      [1, 2, 5, 3, 0],
      [2, 3, 1, 3, 0],
    ]);
    const { worths, threshold, logLikelihood } = raoKupper(results);
    const other = davidson(names(4), results).strengths!;
    worths.forEach((worth, i) => void expect(worth).toBeCloseTo(other.worths[i]!, 9));
    expect(threshold).toBe(1);
    expect(logLikelihood).toBeCloseTo(other.logLikelihood, 9);
  });
});
