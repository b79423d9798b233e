import { describe, expect, it } from 'vitest';
import { kendallsW } from './kendalls-w';

describe("Kendall's W", () => {
  it('of three annotators with ties', () => {
    const { w, uncorrected, chiSquared, degreesOfFreedom } = kendallsW([
      [3, 3, 3, 4, 5, 5, 2, 3, 5, 2, 2, 6, 1, 5, 2, 2, 1, 2, 4, 3],
      [3, 6, 4, 6, 2, 4, 2, 4, 3, 3, 2, 3, 3, 3, 2, 2, 1, 3, 3, 4],
      [2, 1, 4, 4, 3, 2, 1, 6, 1, 1, 1, 2, 3, 3, 1, 1, 3, 3, 2, 2],
    ]);
    expect(uncorrected.value).toBeCloseTo(0.501921, 6);
    expect(w.value).toBeCloseTo(0.539657, 6);
    expect(chiSquared.value).toBeCloseTo(30.760442, 6);
    expect(degreesOfFreedom).toBe(19);
  });

  it('is 1 for equal orders, ties included, and 0 for opposite ones', () => {
    expect(
      kendallsW([
        [0, 1, 1, 2],
        [0, 1, 1, 2],
        [4, 5, 5, 6],
      ]).w,
    ).toEqual({ value: 1 });
    expect(
      kendallsW([
        [0, 1, 2],
        [2, 1, 0],
      ]).w,
    ).toEqual({ value: 0 });
  });

  it.each([
    [[[0, 1]], 'trainer.fewerThanTwoAnnotators'],
    [[[0], [0]], 'trainer.fewerThanTwoPlacedByAll'],
    [
      [
        [1, 1],
        [2, 2],
      ],
      'trainer.everythingTiedByAll',
    ],
  ])('of %j is undefined, with a reason', (orders, key) => {
    expect(kendallsW(orders)).toMatchObject({
      w: { value: null, reason: { key } },
      chiSquared: { value: null, reason: { key } },
    });
  });
});
