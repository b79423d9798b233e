/** Confidence interval of a rate over prompts: the percentile bootstrap. */
import { drawCounts, middle95, type Resampling } from '../data/resample';
import { seededRandom } from '../data/seeded-random';

/** Counts of one prompt: `right` of `of`. */
export interface Tally {
  readonly right: number;
  readonly of: number;
}

export type BootstrapOptions = Partial<Resampling>;

/**
 * The 95 % interval of sum(right) / sum(of). Whole prompts are resampled with replacement, because observations of one
 * prompt are not independent. Null with fewer than two tallies, which say nothing about variation between prompts.
 */
export function bootstrapInterval(
  tallies: readonly Tally[],
  { seed = 1, resamples = 1000 }: BootstrapOptions = {},
): readonly [low: number, high: number] | null {
  if (tallies.length < 2) return null;
  const random = seededRandom(seed);
  const counts = new Uint32Array(tallies.length);
  const draws = Float64Array.from({ length: resamples }, () => {
    drawCounts(counts, random);
    let right = 0;
    let of = 0;
    for (let i = 0; i < tallies.length; i++) {
      right += counts[i]! * tallies[i]!.right;
      of += counts[i]! * tallies[i]!.of;
    }
    return right / of;
  });
  return middle95(draws);
}

/** For people: "95 % interval 55.0 % to 84.2 %". */
export const describeInterval = ([low, high]: readonly [low: number, high: number]): string =>
  `95 % interval ${percent(low)} to ${percent(high)}`;

export const percent = (value: number): string => `${(100 * value).toFixed(1)} %`;
