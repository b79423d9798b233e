import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '@/trainer/data/seeded-random';
import { pairCounts, tauX } from './agreement/pair-counts';
import { check, judgementsOf, responseIds } from './arbitraries.test-support';
import { kemeny } from './kemeny';
import type { AnnotatorOrder } from './tiers';

/** All weak orders of n responses, as levels 0, 1, 2 and so on: 1, 3, 13, 75, 541, 4683. */
function weakOrders(n: number): number[][] {
  const grow = (levels: number[]): number[][] => {
    if (levels.length === n) return new Set(levels).size === Math.max(-1, ...levels) + 1 ? [levels] : [];
    return Array.from({ length: n }, (_, level) => grow([...levels, level])).flat();
  };
  return grow([]);
}

/** The sum of tau_x's parts over the pairs that each annotator judged, and how many pairs these are. */
function gainOf(levels: ReadonlyMap<string, number>, judgements: readonly Pick<AnnotatorOrder, 'order'>[]) {
  let [gain, judged] = [0, 0];
  for (const { order } of judgements) {
    const both = [...order.keys()].filter((id) => levels.has(id));
    const { same, tied, opposed, tiedByFirst, tiedBySecond } = pairCounts(
      both.map((id) => levels.get(id)!),
      both.map((id) => order.get(id)!),
    );
    gain += same + tied - opposed;
    judged += same + tied + opposed + tiedByFirst + tiedBySecond;
  }
  return { gain, judged };
}
const named = (levels: readonly number[]) => new Map(levels.map((level, i) => [`r${i}`, level]));
const all = [1, 2, 3, 4, 5, 6].map((n) => weakOrders(n));

describe('the median order', () => {
  it('is the best of all weak orders, of up to six responses, with gaps', () => {
    expect(all.map((orders) => orders.length)).toEqual([1, 3, 13, 75, 541, 4683]);
    const random = fc.integer({ min: 1, max: 6 }).chain((n) => fc.tuple(fc.constant(n), judgementsOf(n)));
    check(
      fc.property(random, ([n, judgements]) => {
        const placed = responseIds(n).filter((id) => judgements.some(({ order }) => order.has(id)));
        const { levels, tauX: mean, exact, equallyGood } = kemeny(responseIds(n), judgements);
        expect([...levels.keys()]).toEqual(placed);
        expect(exact).toBe(true);
        const own = gainOf(levels, judgements);
        if (own.judged === 0) return void expect(mean.value).toBeNull();
        expect(mean.value).toBeCloseTo(own.gain / own.judged, 12);
        const gains = all[placed.length - 1]!.map(
          (order) => gainOf(new Map(placed.map((id, i) => [id, order[i]!])), judgements).gain,
        );
        const best = Math.max(...gains);
        expect(own.gain).toBe(best);
        expect(equallyGood).toBe(gains.filter((gain) => gain === best).length);
      }),
    );
  });

  it("of ConsRank's data BU is 1 < 2 < 3", () => {
    const ranks: [string, number][] = [
      ['123', 232],
      ['132', 136],
      ['213', 174],
      ['312', 151],
      ['231', 114],
      ['321', 141],
    ];
    const judgements = ranks.flatMap(([rank, judges]) =>
      Array.from({ length: judges }, () => ({ order: named([...rank].map(Number)) })),
    );
    const median = kemeny(responseIds(3), judgements);
    expect([...median.levels.values()]).toEqual([0, 1, 2]);
    expect(median.tauX.value).toBeCloseTo(0.1118143, 7);
    expect(median.equallyGood).toBe(1);
    const meanOf = (levels: number[]) => {
      const { gain, judged } = gainOf(named(levels), judgements);
      return gain / judged;
    };
    const means = all[2]!.map(meanOf).sort((a, b) => b - a);
    expect(means[0]).toBeCloseTo(0.1118143, 7);
    expect(means[1]).toBeCloseTo(0.1061885, 7);
    expect(means[2]).toBeCloseTo(0.1005626, 7);
    expect([meanOf([1, 1, 2]), meanOf([2, 1, 3])]).toEqual([means[1], means[2]]);
  });

  it('of one annotator is that order, and its mean is the mean of tau_x over annotators', () => {
    check(
      fc.property(judgementsOf(5, { complete: true }), (judgements) => {
        const one = kemeny(responseIds(5), judgements.slice(0, 1));
        expect(one.tauX).toEqual({ value: 1 });
        const { levels, tauX: mean } = kemeny(responseIds(5), judgements);
        const taus = judgements.map(
          ({ order }) =>
            tauX(
              pairCounts(
                [...levels.values()],
                responseIds(5).map((id) => order.get(id)!),
              ),
            ).value!,
        );
        expect(mean.value).toBeCloseTo(taus.reduce((sum, tau) => sum + tau, 0) / taus.length, 12);
      }),
    );
  });

  it('ties where nothing speaks for an order, and says how many others are as good', () => {
    const opposite = [{ order: named([0, 1]) }, { order: named([1, 0]) }];
    const { levels, equallyGood } = kemeny(responseIds(2), opposite);
    expect([...levels.values()]).toEqual([0, 0]);
    expect(equallyGood).toBe(3);
  });

  it('says that it is approximate above the limit, and then is no better than the best', () => {
    let reached = 0;
    let tried = 0;
    check(
      fc.property(judgementsOf(6), (judgements) => {
        const best = kemeny(responseIds(6), judgements);
        const near = kemeny(responseIds(6), judgements, 0);
        if (best.tauX.value === null) return;
        expect([near.exact, near.equallyGood]).toEqual([near.levels.size === 0, near.levels.size === 0 ? 1 : null]);
        expect(near.tauX.value!).toBeLessThanOrEqual(best.tauX.value + 1e-12);
        tried++;
        if (near.tauX.value! >= best.tauX.value - 1e-12) reached++;
      }),
    );
    expect(reached / tried).toBeGreaterThan(0.9);
  });

  it('finds the order that most of twenty annotators have of fifteen responses', () => {
    const random = seededRandom(5);
    const truth = Array.from({ length: 15 }, (_, i) => Math.floor(i / 4));
    const judgements = Array.from({ length: 20 }, () => ({
      order: named(truth.map((tier) => (random() < 0.8 ? tier : Math.floor(random() * 4)))),
    }));
    const { levels, exact } = kemeny(responseIds(15), judgements);
    expect(exact).toBe(false);
    expect([...levels.values()]).toEqual(truth);
  });

  it('of responses that nobody compared has no mean, with the reason', () => {
    expect(kemeny(['a', 'b'], [{ order: new Map([['a', 0]]) }, { order: new Map([['b', 0]]) }]).tauX).toEqual({
      value: null,
      reason: { key: 'trainer.fewerThanTwoPlacedByOne' },
    });
    expect(kemeny([], []).levels.size).toBe(0);
  });
});
