import fc from 'fast-check';
import { expect, it } from 'vitest';
import { disagreement } from './disagreement';

const order = (...tiers: (number | null)[]) =>
  new Map(tiers.flatMap((tier, i): [string, number][] => (tier === null ? [] : [[`r${i}`, tier]])));

it.each([
  ['the same order, by other tiers', [order(0, 1, 2), order(0, 2, 3)], 0],
  ['reversed', [order(0, 1, 2), order(2, 1, 0)], 1],
  ['one pair of three tied by one of them', [order(0, 1, 2), order(0, 1, 1)], 1 / 3],
  ['the third agrees with the first', [order(0, 1), order(1, 0), order(0, 1)], 2 / 3],
  ['only what both have judged counts', [order(0, 1, null), order(0, 1, 0)], 0],
])('%s', (_name, orders, expected) => {
  expect(disagreement(orders)).toBeCloseTo(expected, 12);
});

it('is unknown where nobody compared what somebody else did', () => {
  expect(disagreement([])).toBeNull();
  expect(disagreement([order(0, 1)])).toBeNull();
  expect(disagreement([order(0, null), order(0, 1)])).toBeNull();
});

it('does not depend on the order of the annotators', () => {
  const orders = fc.array(
    fc.array(fc.option(fc.nat(3)), { minLength: 4, maxLength: 4 }).map((tiers) => order(...tiers)),
    { maxLength: 5 },
  );
  fc.assert(
    fc.property(orders, (all) => {
      expect(disagreement([...all].reverse())).toBe(disagreement(all));
    }),
  );
});
