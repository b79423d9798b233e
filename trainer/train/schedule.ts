/** Learning rate of a step (from 1): linear warm-up, then a cosine down to `floor` times the peak at the last step. */
export function scheduledLearningRate(
  step: number,
  {
    peak,
    warmupSteps,
    totalSteps,
    floor = 0,
  }: { peak: number; warmupSteps: number; totalSteps: number; floor?: number },
): number {
  if (step <= warmupSteps) return (peak * step) / warmupSteps;
  const progress = Math.min(1, (step - warmupSteps) / Math.max(1, totalSteps - warmupSteps));
  return peak * (floor + (1 - floor) * 0.5 * (1 + Math.cos(Math.PI * progress)));
}
