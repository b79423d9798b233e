/** Drawing with replacement, for the percentile bootstrap: the same on every machine. */

export interface Resampling {
  /** Equal seeds draw equal samples, on every machine. */
  readonly seed: number;
  readonly resamples: number;
}

/** Draws as many of `counts.length` items as there are; afterwards each count is how often its item was drawn. */
export function drawCounts(counts: Uint32Array, random: () => number): void {
  counts.fill(0);
  for (let i = 0; i < counts.length; i++) counts[Math.floor(random() * counts.length)]!++;
}

/** The middle 95 % of what was drawn. */
export function middle95(draws: Float64Array): readonly [low: number, high: number] {
  const sorted = draws.slice().sort();
  const quantile = (q: number): number => sorted[Math.round(q * (sorted.length - 1))]!;
  return [quantile(0.025), quantile(0.975)];
}
