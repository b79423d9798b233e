import { describe, expect, it } from 'vitest';
import { biasSign, MIN_BOARDS, withinShares } from './bias-sign';

const bias = (low: number, high: number, boards = MIN_BOARDS) => ({
  share: (low + high) / 2,
  interval: [low, high] as const,
  boards,
});

describe('what a bias says', () => {
  it('is nothing of few boards, however alike they are', () => {
    expect(biasSign(bias(1, 1, MIN_BOARDS - 1))).toBe('few');
    expect(biasSign({ share: 1, interval: null, boards: 100 })).toBe('few');
  });

  it('is that one kind of response wins too often, or too seldom, where a half is not in the interval', () => {
    expect(biasSign(bias(0.51, 0.7))).toBe('often');
    expect(biasSign(bias(0.3, 0.49))).toBe('seldom');
    expect(biasSign(bias(0.45, 0.6))).toBe('none');
  });

  it('is shown within what a share can be', () => {
    expect(withinShares([-0.2, 1.1])).toEqual([0, 1]);
    expect(withinShares(null)).toBeNull();
  });
});
