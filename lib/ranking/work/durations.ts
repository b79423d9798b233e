/** How many prompts took so many seconds; sorted by seconds. */
export type Durations = readonly { readonly seconds: number; readonly prompts: number }[];

/** Upper ends of the bars in which durations are shown, in seconds; the last bar has none. */
export const DURATION_ENDS = [10, 20, 30, 45, 60, 90, 120, 180, 300, 600, 1200] as const;

/** The quantile, between neighbours in proportion (as numpy and R do by default); null without prompts. */
export function durationQuantile(durations: Durations, share: number): number | null {
  const total = durations.reduce((sum, { prompts }) => sum + prompts, 0);
  if (total === 0) return null;
  const atRank = (rank: number) => {
    let cumulative = 0;
    for (const { seconds, prompts } of durations) {
      cumulative += prompts;
      if (cumulative > rank) return seconds;
    }
    throw new Error('The rank lies beyond the durations.');
  };
  const rank = share * (total - 1);
  const below = Math.floor(rank);
  const low = atRank(below);
  return rank === below ? low : low + (rank - below) * (atRank(below + 1) - low);
}

/** Prompts by bar, of which there is one more than ends. */
export function durationBars(durations: Durations): number[] {
  const bars = new Array<number>(DURATION_ENDS.length + 1).fill(0);
  for (const { seconds, prompts } of durations) {
    const bar = DURATION_ENDS.findIndex((end) => seconds < end);
    bars[bar === -1 ? DURATION_ENDS.length : bar]! += prompts;
  }
  return bars;
}
