import { describe, expect, it } from 'vitest';
import { retryDelayMs, retryReason } from './retry-policy';

describe('retryDelayMs', () => {
  it('grows to a limit and stays there', () => {
    expect([1, 2, 3, 4, 5, 6, 7, 5000].map(retryDelayMs)).toEqual([
      1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000,
    ]);
  });

  it('never is shorter than the first, whatever was counted', () => {
    expect(retryDelayMs(0)).toBe(1_000);
  });
});

describe('retryReason', () => {
  it.each([
    [0, 'offline'],
    [401, 'signed-out'],
    [423, 'archived'],
    [408, 'busy'],
    [425, 'busy'],
    [429, 'busy'],
    [503, 'busy'],
    [500, 'fault'],
    [502, 'fault'],
    [504, 'fault'],
  ])('status %d may pass: %s', (status, reason) => {
    expect(retryReason(status)).toBe(reason);
  });

  it.each([400, 403, 404, 409, 410, 413, 422])('status %d is a refusal, which no later try changes', (status) => {
    expect(retryReason(status)).toBeNull();
  });

  it('an answer of another party, such as a network’s sign-in page, is no refusal', () => {
    expect(retryReason(200)).toBe('fault');
  });
});
