import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCases } from '@/lib/oracle-cases.test-support';
import { check } from '../arbitraries.test-support';
import type { Statistic } from '../statistic';
import { cohensKappa, pairAgreement, pairCounts, tauB, tauX } from './pair-counts';

const rankings = (n: number) =>
  fc.array(fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 3 })), { maxLength: n });
const split = (both: [number, number][]) => [both.map(([a]) => a), both.map(([, b]) => b)] as const;

/** Emond and Mason's definition, word for word. */
function tauXByDefinition(a: readonly number[], b: readonly number[]): number {
  const score = (order: readonly number[], i: number, j: number) => (order[i]! <= order[j]! ? 1 : -1);
  let sum = 0;
  for (let i = 0; i < a.length; i++) {
    for (let j = 0; j < a.length; j++) if (i !== j) sum += score(a, i, j) * score(b, i, j);
  }
  return sum / (a.length * (a.length - 1));
}

describe('two annotators', () => {
  it.each<[number[], number[], number | null, number]>([
    [[1, 1, 2, 3], [1, 2, 2, 3], 0.8, 0.6667],
    [[1, 1, 1, 1], [1, 2, 3, 4], null, 0],
    [[1, 1, 1, 1], [1, 1, 1, 1], null, 1],
    [[1, 1, 2, 2], [2, 2, 1, 1], -1, -0.3333],
    [[1, 1, 2, 2], [1, 2, 3, 4], 0.8165, 0.6667],
    [[1, 2, 2, 3], [1, 2, 3, 3], 0.8, 2 / 3],
  ])('who say %j and %j have tau_b %d and tau_x %d', (a, b, expectedB, expectedX) => {
    const counts = pairCounts(a, b);
    expect(tauX(counts).value).toBeCloseTo(expectedX, 4);
    if (expectedB === null) {
      expect(tauB(counts)).toEqual({ value: null, reason: { key: 'trainer.everythingTiedByOne' } });
    } else expect(tauB(counts).value).toBeCloseTo(expectedB, 4);
  });

  it('have the tau_x of its definition', () => {
    check(
      fc.property(rankings(9), (both) => {
        const [a, b] = split(both);
        const { value } = tauX(pairCounts(a, b));
        if (a.length < 2) expect(value).toBeNull();
        else expect(value).toBeCloseTo(tauXByDefinition(a, b), 12);
      }),
    );
  });

  it("have scipy's tau_b and scikit-learn's kappa on 1,000 tied rankings", () => {
    const cases = readCases<{ a: number[]; b: number[]; tau_b: number | null; kappa: number | null }>(
      'two-annotators.jsonl',
    );
    expect(cases.length).toBe(1000);
    const expectSame = (statistic: Statistic, expected: number | null) => {
      if (expected === null) expect(statistic.value).toBeNull();
      else expect(statistic.value).toBeCloseTo(expected, 10);
    };
    for (const { a, b, tau_b, kappa } of cases) {
      const counts = pairCounts(a, b);
      expectSame(tauB(counts), tau_b);
      expectSame(cohensKappa(counts), kappa);
    }
    for (const undefinedOf of ['tau_b', 'kappa'] as const) {
      expect(cases.filter((one) => one[undefinedOf] === null).length).toBeGreaterThan(20);
    }
  });

  it('agree alike whoever is first, however responses are listed and tiers are numbered', () => {
    check(
      fc.property(rankings(7), fc.integer({ min: 0, max: 6 }), (both, turn) => {
        const [a, b] = split(both);
        const [c, d] = split([...both.slice(turn), ...both.slice(0, turn)]);
        for (const figure of [tauX, tauB, pairAgreement, cohensKappa]) {
          const value = figure(pairCounts(a, b));
          const swapped = figure(pairCounts(b, a));
          const turned = figure(
            pairCounts(
              c.map((tier) => tier * 2 + 1),
              d,
            ),
          );
          if (value.value === null) expect([swapped, turned]).toEqual([value, value]);
          else {
            expect(swapped.value).toBeCloseTo(value.value, 12);
            expect(turned.value).toBeCloseTo(value.value, 12);
          }
        }
      }),
    );
  });

  it('agree by kappa as often as said, less chance', () => {
    // Half of the pairs are tied by both and half ordered alike: chance is 1/4 + 1/8.
    const counts = { same: 2, opposed: 0, tiedByFirst: 0, tiedBySecond: 0, tied: 2 };
    expect(cohensKappa(counts)).toEqual({ value: 1 });
    expect(cohensKappa({ ...counts, same: 1, opposed: 1 }).value).toBeCloseTo((0.75 - 0.375) / (1 - 0.375), 12);
    expect(cohensKappa({ ...counts, same: 0 })).toEqual({
      value: null,
      reason: { key: 'trainer.everyPairTiedByBoth' },
    });
  });

  it('without two responses in common have no figures, and a reason', () => {
    for (const figure of [tauX, tauB, pairAgreement, cohensKappa]) {
      expect(figure(pairCounts([1], [1]))).toEqual({
        value: null,
        reason: { key: 'trainer.fewerThanTwoPlacedByBoth' },
      });
    }
  });
});
