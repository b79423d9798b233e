import { seededRandom } from '@/trainer/data/seeded-random';

/** How many days the rest will take, today not counted; 80 % of what is likely lies between low and high. */
export interface ForecastDays {
  readonly low: number;
  readonly middle: number;
  readonly high: number;
}
export type Forecast =
  | ({ readonly kind: 'days' } & ForecastDays)
  /** Nothing is left. */
  | { readonly kind: 'done' }
  /** Nobody has judged anything on these days. */
  | { readonly kind: 'idle' }
  /** Too few days to learn anything from. */
  | { readonly kind: 'early' };

/** A forecast looks back so many days. */
export const FORECAST_WINDOW_DAYS = 28;
/** It needs so many whole days since the first judgement, and work on so many of them. */
export const MIN_FORECAST_DAYS = 5;
const MIN_WORKED_DAYS = 3;
/** What takes longer than ten years is not told apart. */
export const MAX_FORECAST_DAYS = 3650;
const SIMULATIONS = 1000;

/**
 * When the rest will be done if people go on as on the days past. Each simulation draws days with replacement, so that days
 * without work and how differently days went are in the range; and it draws them from days that were themselves drawn, so
 * that few days give a wide range.
 * @param daily how many judgements were made on each whole day, the newest last
 */
export function forecast(daily: readonly number[], remaining: number, seed = 0): Forecast {
  if (remaining <= 0) return { kind: 'done' };
  const days = daily.slice(-FORECAST_WINDOW_DAYS);
  if (daily.length < MIN_FORECAST_DAYS) return { kind: 'early' };
  if (days.every((count) => count === 0)) return { kind: 'idle' };
  if (days.filter((count) => count > 0).length < MIN_WORKED_DAYS) return { kind: 'early' };
  const random = seededRandom(seed);
  const draw = (from: readonly number[]) => from[Math.floor(random() * from.length)]!;
  const took = Array.from({ length: SIMULATIONS }, () => {
    const drawn = days.map(() => draw(days));
    let [left, day] = [remaining, 0];
    while (left > 0 && day < MAX_FORECAST_DAYS) {
      left -= draw(drawn);
      day++;
    }
    return day;
  }).sort((a, b) => a - b);
  const at = (share: number) => took[Math.round(share * (SIMULATIONS - 1))]!;
  return { kind: 'days', low: at(0.1), middle: at(0.5), high: at(0.9) };
}
