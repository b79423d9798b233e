import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { check, isTransitive, orderOf, responseIds } from './arbitraries.test-support';
import { pairsOfOrder } from './pairs';
import { isAcyclic, relationOf } from './partial-order';
import { type WeakOrder, weakOrder } from './tiers';

const key = (pair: { chosen: string; rejected: string; margin: number }) =>
  `${pair.chosen}>${pair.rejected}:${pair.margin}`;

/** The number of responses in each tier that is not empty. */
function sizesOfTiers(order: WeakOrder): number[] {
  const sizes = new Map<number, number>();
  for (const tier of order.values()) sizes.set(tier, (sizes.get(tier) ?? 0) + 1);
  return [...sizes.values()];
}

describe('pairs of one weak order', () => {
  it('are as many as the sum over i<j of n_i * n_j', () => {
    check(
      fc.property(orderOf(12), (order) => {
        const sizes = sizesOfTiers(order);
        const expected = sizes.flatMap((a, i) => sizes.slice(i + 1).map((b) => a * b)).reduce((sum, x) => sum + x, 0);
        expect(pairsOfOrder(order)).toHaveLength(expected);
      }),
    );
  });

  it('are acyclic and transitive, with margins that add up along a chain', () => {
    check(
      fc.property(orderOf(8), (order) => {
        const ids = responseIds(8);
        const pairs = pairsOfOrder(order);
        const relation = relationOf(
          8,
          pairs.map(({ chosen, rejected }) => ({ better: ids.indexOf(chosen), worse: ids.indexOf(rejected) })),
        );
        expect(isAcyclic(relation)).toBe(true);
        expect(isTransitive(relation)).toBe(true);
        const margins = new Map(pairs.map((pair) => [`${pair.chosen}>${pair.rejected}`, pair.margin]));
        for (const first of pairs) {
          for (const second of pairs.filter(({ chosen }) => chosen === first.rejected)) {
            expect(margins.get(`${first.chosen}>${second.rejected}`)).toBe(first.margin + second.margin);
          }
        }
      }),
    );
  });

  it('are the same set however the responses are shuffled', () => {
    check(
      fc.property(
        orderOf(8).chain((order) =>
          fc.tuple(fc.constant(order), fc.shuffledSubarray([...order], { minLength: order.size })),
        ),
        ([order, shuffled]) => {
          expect(pairsOfOrder(new Map(shuffled)).map(key).sort()).toEqual(pairsOfOrder(order).map(key).sort());
        },
      ),
    );
  });

  it('do not exist between ties', () => {
    expect(pairsOfOrder(new Map(responseIds(5).map((id) => [id, 2])))).toEqual([]);
    expect(
      pairsOfOrder(
        new Map([
          ['a', 1],
          ['b', 1],
          ['c', 3],
        ]),
      ).map(key),
    ).toEqual(['a>c:2', 'b>c:2']);
  });

  it('leave out what was not judged or could not be', () => {
    const order = weakOrder([
      { responseId: 'a', state: 'placed', tier: 0 },
      { responseId: 'b', state: 'cannot_judge', tier: null },
      { responseId: 'c', state: 'not_judged', tier: null },
      { responseId: 'd', state: 'placed', tier: 3 },
    ]);
    expect(pairsOfOrder(order)).toEqual([{ chosen: 'a', rejected: 'd', margin: 3 }]);
  });
});
