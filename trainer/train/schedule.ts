/**
 * Learning rate of a step (from 1): linear warm-up, then a cosine that reaches `floor` times the peak just after the
 * last step, so that no step is spent at rate 0.
 */
export function learningRateAt(
  step: number,
  {
    peak,
    warmupSteps,
    totalSteps,
    floor = 0,
  }: { peak: number; warmupSteps: number; totalSteps: number; floor?: number },
): number {
  if (step <= warmupSteps) return (peak * step) / warmupSteps;
  const progress = (step - warmupSteps) / (totalSteps - warmupSteps + 1);
  return peak * (floor + (1 - floor) * 0.5 * (1 + Math.cos(Math.PI * progress)));
}
