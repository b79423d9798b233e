import type { MeasuredProgress } from '@/lib/schemas/progress';

/** Fewer boards say nothing: by chance they may all go one way. */
export const MIN_BOARDS = 20;

type Bias = MeasuredProgress['firstShown']['project'];

/** What an interval says of a share that would be a half if nobody minded. */
export function biasSign({ boards, interval }: Bias): 'few' | 'none' | 'often' | 'seldom' {
  if (boards < MIN_BOARDS || interval === null) return 'few';
  if (interval[0] > 0.5) return 'often';
  return interval[1] < 0.5 ? 'seldom' : 'none';
}

/** An interval by Student's t can reach beyond what a share can be. */
export const withinShares = (interval: Bias['interval']): [number, number] | null =>
  interval && [Math.max(0, interval[0]), Math.min(1, interval[1])];
