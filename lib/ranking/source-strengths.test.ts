import { describe, expect, it } from 'vitest';
import { seededRandom } from '@/trainer/data/seeded-random';
import { type SourceOutcomes, sourceOutcomes, sourceStrengths } from './source-strengths';

const options = { seed: 1, resamples: 200 };
/** One prompt from tiers by source, one record an annotator. */
const prompt = (...judged: Record<string, number>[]): SourceOutcomes =>
  sourceOutcomes({
    orders: judged.map((tiers) => new Map(Object.entries(tiers))),
    sourceOf: new Map(judged.flatMap((tiers) => Object.keys(tiers).map((id) => [id, id.split(' ')[0]!] as const))),
  });

describe('the strengths of sources', () => {
  it('count each annotator and each two responses from different sources', () => {
    const { sources } = sourceStrengths([prompt({ 'a 1': 0, 'a 2': 2, b: 1 }, { 'a 1': 1, b: 1 })], options);
    expect(sources.find(({ source }) => source === 'a')).toMatchObject({
      wins: 1,
      losses: 1,
      ties: 1,
      winRate: { value: 0.5 },
      // One prompt alone.
      winRateInterval: null,
    });
  });

  it('find who is better, with intervals around the win rates', () => {
    const random = seededRandom(3);
    const quality = { good: 0, fair: 0.8, bad: 1.6 };
    const prompts = Array.from({ length: 150 }, () => {
      const tiers = Object.entries(quality).map(([source, mean]) => [source, Math.round(mean + 2 * random())] as const);
      return prompt(Object.fromEntries(tiers));
    });
    const { sources, fit, reason } = sourceStrengths(prompts, options);
    expect(sources.map(({ source }) => source)).toEqual(['good', 'fair', 'bad']);
    expect(reason).toBeNull();
    expect(fit!.tie).toBeGreaterThan(0);
    expect(sources.reduce((sum, { worth }) => sum + worth!, 0)).toBeCloseTo(1, 9);
    for (const { winRate, winRateInterval, logStandardError } of sources) {
      expect(winRateInterval![0]).toBeLessThan(winRate.value!);
      expect(winRateInterval![1]).toBeGreaterThan(winRate.value!);
      expect(logStandardError!).toBeGreaterThan(0);
    }
    expect(sourceStrengths(prompts, options)).toEqual({ sources, fit, reason });
  });

  it('have win rates, and a reason in place of strengths, where one always wins', () => {
    const always = Array.from({ length: 5 }, () => prompt({ best: 0, other: 1 }));
    const { sources, fit, reason } = sourceStrengths(always, options);
    expect(fit).toBeNull();
    expect(reason).toEqual({ key: 'trainer.sourcesNeverBeaten', values: { sources: 'best' } });
    expect(sources).toMatchObject([
      { source: 'best', winRate: { value: 1 }, worth: null },
      { source: 'other', winRate: { value: 0 }, worth: null },
    ]);
  });

  it('of a source that nobody compared are undefined', () => {
    const { sources } = sourceStrengths([prompt({ a: 0, b: 1 }), prompt({ c: 0 })], options);
    expect(sources.find(({ source }) => source === 'c')!.winRate).toEqual({
      value: null,
      reason: { key: 'trainer.sourceNeverCompared' },
    });
  });
});
