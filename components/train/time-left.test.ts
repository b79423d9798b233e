import { describe, expect, it } from 'vitest';
import { translatorFor } from '@/lib/i18n/testing-translator';
import { durationInWords, millisecondsLeft, millisecondsPerStep, noTimeLeft, observeStep } from './time-left';

describe('time left', () => {
  it('is unknown until two steps were seen', () => {
    expect(millisecondsLeft(noTimeLeft, 10)).toBeNull();
    expect(millisecondsLeft(observeStep(noTimeLeft, 1, 500), 10)).toBeNull();
  });

  it('reads an even pace exactly from the second step on (bias corrected)', () => {
    let state = noTimeLeft;
    for (let step = 1; step <= 5; step++) {
      state = observeStep(state, step, step * 200);
      if (step >= 2) expect(millisecondsPerStep(state)).toBeCloseTo(200, 9);
    }
    expect(millisecondsLeft(state, 30)).toBeCloseTo(25 * 200, 6);
  });

  it('recovers from a slow start, and a single slow step changes it little', () => {
    let state = observeStep(observeStep(noTimeLeft, 0, 0), 1, 10_000);
    for (let step = 2; step <= 120; step++) state = observeStep(state, step, 10_000 + (step - 1) * 100);
    expect(millisecondsPerStep(state)!).toBeLessThan(130);
    const before = millisecondsPerStep(state)!;
    const after = millisecondsPerStep(observeStep(state, 121, state.last!.atMs + 1000))!;
    expect(after / before).toBeLessThan(1.6);
  });

  it('one report of several steps equals the same steps one by one at an even pace', () => {
    let single = observeStep(noTimeLeft, 0, 0);
    for (let step = 1; step <= 8; step++) single = observeStep(single, step, step * 50);
    const jumped = observeStep(observeStep(noTimeLeft, 0, 0), 8, 400);
    expect(millisecondsPerStep(jumped)).toBeCloseTo(millisecondsPerStep(single)!, 9);
  });

  it('ignores steps it has seen and never goes below zero', () => {
    const state = observeStep(observeStep(noTimeLeft, 4, 0), 5, 100);
    expect(observeStep(state, 5, 900)).toBe(state);
    expect(observeStep(state, 3, 900)).toBe(state);
    expect(millisecondsLeft(state, 2)).toBe(0);
  });

  it.each([
    [0, 'less than 10 seconds'],
    [9_900, 'less than 10 seconds'],
    [42_000, 'about 40 seconds'],
    [58_000, 'about 1 minute'],
    [185_000, 'about 3 minutes'],
    [3_570_000, 'about 1 hour'],
    [4_800_000, 'about 1 hour 20 minutes'],
    [7_200_000, 'about 2 hours'],
  ])('%d ms is "%s"', (milliseconds, words) => {
    expect(durationInWords(milliseconds, translatorFor('train'))).toBe(words);
  });
});
