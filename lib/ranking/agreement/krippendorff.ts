import { message } from '@/trainer/contract/message';
import { type Statistic, undefinedFor } from '../statistic';

/** How far apart two values are. Tiers are ordinal; nominal asks for the same tier, interval for equal steps. */
export type Metric = 'nominal' | 'ordinal' | 'interval' | 'ratio';

/**
 * How often each two values meet in one unit, as the upper triangle of a symmetric matrix, row by row. Matrices of
 * several sets of units add up.
 */
export type Coincidences = Float64Array;

export const triangleLength = (values: number): number => (values * (values + 1)) / 2;

const cell = (low: number, high: number, values: number) => low * values - (low * (low - 1)) / 2 + high - low;

/** Adds one unit, given by how many annotators chose each value. A unit with fewer than two says nothing. */
export function addUnit(coincidences: Coincidences, chosen: ArrayLike<number>): void {
  let annotators = 0;
  for (let value = 0; value < chosen.length; value++) annotators += chosen[value]!;
  if (annotators < 2) return;
  for (let a = 0; a < chosen.length; a++) {
    const count = chosen[a]!;
    if (count === 0) continue;
    coincidences[cell(a, a, chosen.length)]! += (count * (count - 1)) / (annotators - 1);
    for (let b = a + 1; b < chosen.length; b++) {
      coincidences[cell(a, b, chosen.length)]! += (count * chosen[b]!) / (annotators - 1);
    }
  }
}

/**
 * Krippendorff's alpha: 1 - observed / expected disagreement. 1 is perfect, 0 is chance, and below 0 people disagree
 * systematically. Undefined where nothing was valued twice, and where only one value was used.
 * @param values what the rows of the matrix stand for, ascending
 */
export function alphaOf(coincidences: Coincidences, values: readonly number[], metric: Metric): Statistic {
  const size = values.length;
  const at = (a: number, b: number) => coincidences[a < b ? cell(a, b, size) : cell(b, a, size)]!;
  const sums = values.map((_, a) => values.reduce((sum, __, b) => sum + at(a, b), 0));
  const pairable = sums.reduce((sum, count) => sum + count, 0);
  if (pairable === 0) return undefinedFor(message('nothingJudgedTwice'));
  let [observed, expected] = [0, 0];
  for (let a = 0; a < size; a++) {
    let between = sums[a]! / 2;
    for (let b = a + 1; b < size; b++) {
      between += sums[b]! / 2;
      const distance = distanceOf(metric, values[a]!, values[b]!, between);
      between += sums[b]! / 2;
      observed += at(a, b) * distance ** 2;
      expected += sums[a]! * sums[b]! * distance ** 2;
    }
  }
  if (expected === 0) return undefinedFor(message('onlyOneTierUsed'));
  return { value: 1 - ((pairable - 1) * observed) / expected };
}

/** @param between how many values lie from a to b, those of a and b counting half */
function distanceOf(metric: Metric, a: number, b: number, between: number): number {
  switch (metric) {
    case 'nominal':
      return 1;
    case 'ordinal':
      return between;
    case 'interval':
      return b - a;
    case 'ratio':
      return (b - a) / (a + b);
  }
}

/** Alpha of any numbers: one list a unit, holding the values that it was given; missing ones are left out. */
export function krippendorffsAlpha(units: readonly (readonly number[])[], metric: Metric): Statistic {
  const values = [...new Set(units.flat())].sort((a, b) => a - b);
  const index = new Map(values.map((value, i) => [value, i]));
  const coincidences = new Float64Array(triangleLength(values.length));
  for (const unit of units) {
    const chosen = new Array<number>(values.length).fill(0);
    for (const value of unit) chosen[index.get(value)!]!++;
    addUnit(coincidences, chosen);
  }
  return alphaOf(coincidences, values, metric);
}
