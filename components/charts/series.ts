/** Pure helpers between metrics and curves. */

/** A curve's values at the chart's x positions; null where nothing was measured. */
export type CurveValues = readonly (number | null)[];

/**
 * Bias-corrected exponential moving average: the first value is itself, not pulled towards zero. Gaps stay gaps and
 * do not move the average. `keep` in [0, 1) is the weight of the previous average.
 */
export function smooth(values: CurveValues, retention: number): (number | null)[] {
  let average = 0;
  let weight = 1;
  return values.map((value) => {
    if (value === null || !Number.isFinite(value)) return null;
    average = average * retention + value * (1 - retention);
    weight *= retention;
    return average / (1 - weight);
  });
}

/** How strongly to smooth a curve of `count` values: short ones hardly, long ones over about a twentieth. */
export function smoothingFor(count: number): number {
  return 1 - 1 / Math.max(2, Math.min(50, count / 20));
}

/** The last value that was measured, null without one. */
export function latest(values: CurveValues): number | null {
  for (let i = values.length - 1; i >= 0; i--) {
    const value = values[i];
    if (value !== null && value !== undefined) return value;
  }
  return null;
}

/**
 * At most `limit` evenly spread indices below `count`, including the first, the last and those in `must`; for a table
 * that shows the values of a curve.
 */
export function sampleIndices(count: number, limit: number, required: readonly number[] = []): number[] {
  const chosen = new Set(required.length <= limit ? required : []);
  const room = Math.max(2, limit - chosen.size);
  if (count <= room) for (let i = 0; i < count; i++) chosen.add(i);
  else for (let i = 0; i < room; i++) chosen.add(Math.round((i * (count - 1)) / (room - 1)));
  return [...chosen].filter((i) => i >= 0 && i < count).sort((a, b) => a - b);
}
