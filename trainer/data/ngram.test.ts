import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bigramModel, predictedTokens, type TokenPair, unigramModel } from './ngram';

const pairsOf = (ids: readonly number[]): TokenPair[] =>
  ids.slice(1).map((next, i) => ({ previous: ids[i] as number, next }));

describe('n-gram baselines', () => {
  it('predict the prompt once and each response after the prompt', () => {
    const item = { promptIds: [1, 2, 3], responses: [{ ids: [4, 5] }, { ids: [6] }] };
    expect([...predictedTokens(item)].map(({ previous, next }) => [previous, next])).toEqual([
      [1, 2],
      [2, 3],
      [3, 4],
      [4, 5],
      [3, 6],
    ]);
  });

  it.each([
    ['unigram', unigramModel],
    ['bigram', bigramModel],
  ])('%s: the probabilities after any token add up to 1', (_, build) => {
    const vocab = 7;
    fc.assert(
      fc.property(fc.array(fc.nat(vocab - 1), { maxLength: 60 }), fc.nat(vocab - 1), (ids, previous) => {
        const model = build(pairsOf(ids), vocab);
        const losses = Array.from({ length: vocab }, (_, next) => model.loss([{ previous, next }]));
        expect(losses.reduce((sum, loss) => sum + Math.exp(-loss), 0)).toBeCloseTo(1, 9);
        expect(losses.every(Number.isFinite)).toBe(true);
      }),
      // Nothing occurs just once: no estimate of the discount.
      { examples: [[[2, 2, 2], 0]] },
    );
  });

  it('a bigram learns an alternation that a unigram cannot', () => {
    const ids = Array.from({ length: 400 }, (_, i) => i % 2);
    expect(unigramModel(pairsOf(ids), 4).loss(pairsOf(ids))).toBeCloseTo(Math.log(2), 1);
    expect(bigramModel(pairsOf(ids), 4).loss(pairsOf(ids))).toBeLessThan(0.05);
  });
});
