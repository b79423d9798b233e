import { describe, expect, it } from 'vitest';
import { readCases } from '@/lib/oracle-cases.test-support';
import { DURATION_ENDS, type Durations, durationBars, durationQuantile } from './durations';

describe('how long prompts took', () => {
  it('in quantiles, as numpy has them', () => {
    const cases = readCases<{ durations: Durations; quantiles: [number, number][] }>('durations.jsonl');
    expect(cases).toHaveLength(20);
    for (const { durations, quantiles } of cases) {
      for (const [share, expected] of quantiles) expect(durationQuantile(durations, share)).toBeCloseTo(expected, 9);
    }
    expect(durationQuantile([], 0.5)).toBeNull();
  });

  it('in bars that begin where the one before ends, and hold every prompt', () => {
    const durations = [0, 9, 10, 19, 20, 1199, 1200, 90_000].map((seconds) => ({ seconds, prompts: 2 }));
    const bars = durationBars(durations);
    expect(bars).toHaveLength(DURATION_ENDS.length + 1);
    expect(bars.slice(0, 3)).toEqual([4, 4, 2]);
    expect(bars.slice(-2)).toEqual([2, 4]);
  });
});
