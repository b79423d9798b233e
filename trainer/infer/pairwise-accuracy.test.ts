import { describe, expect, it } from 'vitest';
import { describeAccuracy, pairwiseAccuracy } from './pairwise-accuracy';

const pair = (chosen: string, rejected: string) => ({ chosen, rejected });
const scored = (promptId: string, scores: Record<string, number>) =>
  Object.entries(scores).map(([responseId, score]) => ({ promptId, responseId, score }));

describe('pairwiseAccuracy', () => {
  it('counts pairs, equal scores one half', () => {
    const records = [
      { id: 'p', pairs: [pair('a', 'b'), pair('a', 'c'), pair('b', 'c')] },
      { id: 'q', pairs: [pair('a', 'b')] },
      { id: 'without pairs', pairs: [] },
    ];
    const scores = [...scored('p', { a: -1, b: -2, c: -1 }), ...scored('q', { a: -5, b: -4 })];
    // p: a > b right, a = c half, b > c wrong; q: wrong.
    expect(pairwiseAccuracy(records, scores)).toMatchObject({ accuracy: 1.5 / 4, pairs: 4, prompts: 2 });
  });

  it('is undefined without pairs, and has no interval over one prompt: said in words', () => {
    const none = pairwiseAccuracy([{ id: 'p', pairs: [] }], []);
    expect(none).toEqual({ accuracy: null, pairs: 0, prompts: 0, interval: null });
    expect(describeAccuracy(none)).toBe('undefined: there are no pairs to judge by');
    const one = pairwiseAccuracy([{ id: 'p', pairs: [pair('a', 'b')] }], scored('p', { a: 1, b: 0 }));
    expect(one).toEqual({ accuracy: 1, pairs: 1, prompts: 1, interval: null });
    expect(describeAccuracy(one)).toBe('100.0 % of 1 pair (no interval: all pairs come from one prompt)');
  });

  it('bootstraps whole prompts: 100 pairs of two prompts are as uncertain as two', () => {
    const pairs = Array.from({ length: 50 }, (_, i) => pair('a', `b${i}`));
    const rivals = Object.fromEntries(pairs.map(({ rejected }) => [rejected, 0]));
    const records = [
      { id: 'right', pairs },
      { id: 'wrong', pairs },
    ];
    const scores = [...scored('right', { ...rivals, a: 1 }), ...scored('wrong', { ...rivals, a: -1 })];
    expect(pairwiseAccuracy(records, scores)).toMatchObject({ accuracy: 0.5, pairs: 100, interval: [0, 1] });
  });

  it('has an interval near the binomial one for one pair a prompt, the same for the same seed', () => {
    const records = Array.from({ length: 400 }, (_, i) => ({ id: `p${i}`, pairs: [pair('a', 'b')] }));
    const scores = records.flatMap(({ id }, i) => scored(id, { a: i % 4 === 0 ? 0 : 2, b: 1 }));
    const result = pairwiseAccuracy(records, scores, { seed: 3, resamples: 2000 });
    expect(result.accuracy).toBe(0.75);
    const margin = 1.96 * Math.sqrt((0.75 * 0.25) / 400);
    expect(result.interval![0]).toBeCloseTo(0.75 - margin, 1.7);
    expect(result.interval![1]).toBeCloseTo(0.75 + margin, 1.7);
    expect(pairwiseAccuracy(records, scores, { seed: 3, resamples: 2000 })).toEqual(result);
    expect(pairwiseAccuracy(records, scores, { seed: 4, resamples: 2000 }).interval).not.toEqual(result.interval);
  });

  it('refuses a pair whose response was not scored', () => {
    const records = [{ id: 'p', pairs: [pair('a', 'b')] }];
    expect(() => pairwiseAccuracy(records, scored('p', { a: 1 }))).toThrow('response "b" of prompt "p" has no score');
  });
});
