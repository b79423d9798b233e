import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tauB, tauX } from './agreement';
import { check, orderOf } from './arbitraries.test-support';

const order = (...tiers: number[]) => new Map(tiers.map((tier, i) => [`r${i}`, tier]));
const vectors: [number[], number[], number | null, number][] = [
  [[1, 1, 2, 3], [1, 2, 2, 3], 0.8, 0.6667],
  [[1, 1, 1, 1], [1, 2, 3, 4], null, 0],
  [[1, 1, 1, 1], [1, 1, 1, 1], null, 1],
  [[1, 1, 2, 2], [2, 2, 1, 1], -1, -0.3333],
  [[1, 1, 2, 2], [1, 2, 3, 4], 0.8165, 0.6667],
];

describe('agreement', () => {
  for (const [a, b, expectedB, expectedX] of vectors) {
    it(`of ${a} | ${b}: tau_b ${expectedB ?? 'undefined'}, tau_x ${expectedX}`, () => {
      expect(tauX(order(...a), order(...b)).value).toBeCloseTo(expectedX, 4);
      const result = tauB(order(...a), order(...b));
      if (expectedB === null)
        expect(result).toMatchObject({ value: null, reason: expect.stringContaining('same tier') });
      else expect(result.value).toBeCloseTo(expectedB, 4);
    });
  }

  it('is undefined, in words, below two responses in common', () => {
    for (const tau of [tauX, tauB]) {
      expect(tau(order(1), order(1))).toEqual({
        value: null,
        items: 1,
        reason: expect.stringContaining('fewer than two'),
      });
      expect(tau(new Map([['a', 1]]), new Map([['b', 1]])).items).toBe(0);
    }
  });

  it('is symmetric, within bounds and 1 with itself', () => {
    check(
      fc.property(orderOf(6), orderOf(6), (a, b) => {
        for (const tau of [tauX, tauB]) {
          const { value } = tau(a, b);
          expect(tau(b, a).value).toBe(value);
          if (value !== null) expect(Math.abs(value)).toBeLessThanOrEqual(1 + 1e-12);
        }
        if (a.size >= 2) expect(tauX(a, a).value).toBe(1);
      }),
    );
  });
});
