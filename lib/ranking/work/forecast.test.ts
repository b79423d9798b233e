import { describe, expect, it } from 'vitest';
import { seededRandom } from '@/trainer/data/seeded-random';
import { FORECAST_WINDOW_DAYS, forecast, MAX_FORECAST_DAYS } from './forecast';

const everyDay = (count: number, days = 10) => new Array<number>(days).fill(count);

describe('a forecast', () => {
  it('of steady work is exact', () => {
    expect(forecast(everyDay(20), 100)).toEqual({ kind: 'days', low: 5, middle: 5, high: 5 });
    expect(forecast(everyDay(20), 101)).toEqual({ kind: 'days', low: 6, middle: 6, high: 6 });
    expect(forecast(everyDay(20), 0)).toEqual({ kind: 'done' });
  });

  it('is not made of too few days, nor of days on which nobody worked', () => {
    expect(forecast(everyDay(20, 4), 100)).toEqual({ kind: 'early' });
    expect(forecast([0, 0, 0, 30, 0, 12], 100)).toEqual({ kind: 'early' });
    expect(forecast([30, 12, 5, ...everyDay(0, FORECAST_WINDOW_DAYS)], 100)).toEqual({ kind: 'idle' });
    expect(forecast([30, 12, 5, 0, 0], 10).kind).toBe('days');
  });

  it('is wider the more days differ, and does not go on for ever', () => {
    const width = (daily: number[]) => {
      const told = forecast(daily, 300);
      return told.kind === 'days' ? told.high - told.low : Number.NaN;
    };
    expect(width([10, 30, 10, 30, 10, 30])).toBeGreaterThan(width([20, 20, 20, 20, 21, 20]));
    expect(forecast([1, 1, 1, 0, 0, 0], 10_000_000)).toEqual({
      kind: 'days',
      low: MAX_FORECAST_DAYS,
      middle: MAX_FORECAST_DAYS,
      high: MAX_FORECAST_DAYS,
    });
  });

  it.each([1, 2, 3])('holds what came in about four of five cases (seed %i)', (seed) => {
    const random = seededRandom(seed);
    // Weekends are free, other days differ widely.
    const dayOf = (n: number) => (n % 7 > 4 ? 0 : Math.floor(40 * random()));
    let held = 0;
    const cases = 200;
    for (let i = 0; i < cases; i++) {
      const past = Array.from({ length: 21 }, (_, n) => dayOf(n));
      let [left, took] = [400, 0];
      while (left > 0) left -= dayOf(21 + took++);
      const told = forecast(past, 400, i);
      if (told.kind === 'days' && told.low <= took && took <= told.high) held++;
    }
    expect(held / cases).toBeGreaterThan(0.7);
    expect(held / cases).toBeLessThan(0.95);
  });
});
