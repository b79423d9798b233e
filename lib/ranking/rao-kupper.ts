import type { ComparisonResults } from './davidson';

export interface RaoKupperStrengths {
  /** They add up to 1. */
  readonly worths: readonly number[];
  /** How many times stronger one must seem than the other, not to be tied; 1 where nothing was tied. */
  readonly threshold: number;
  readonly logLikelihood: number;
}

/**
 * Rao and Kupper's model of comparisons with ties, in which a tie is a difference too small to be told: i beats j with
 * probability p_i / (p_i + t * p_j). A second opinion beside Davidson's; its strengths have no limit on the same results.
 * Fitted by minorization and maximization (Hunter 2004), whose steps never make the results less likely.
 */
export function raoKupper({ wins, ties }: ComparisonResults): RaoKupperStrengths {
  const n = wins.length;
  const pairs = Array.from({ length: n }, (_, i) => i).flatMap((i) =>
    Array.from({ length: n }, (_, j) => ({ i, j, notLost: wins[i]![j]! + ties[i]![j]! })).filter(
      ({ j, notLost }) => i !== j && notLost > 0,
    ),
  );
  const tied = ties.reduce((sum, row, i) => sum + row.slice(i + 1).reduce((total, count) => total + count, 0), 0);
  let worths = new Array<number>(n).fill(1 / n);
  let threshold = tied > 0 ? 2 : 1;
  for (let round = 0; round < 10_000; round++) {
    const [done, per] = [new Float64Array(n), new Float64Array(n)];
    for (const { i, j, notLost } of pairs) {
      const share = notLost / (worths[i]! + threshold * worths[j]!);
      done[i]! += notLost;
      per[i]! += share;
      per[j]! += threshold * share;
    }
    const moved = worths.map((_, i) => done[i]! / per[i]!);
    const sum = moved.reduce((total, worth) => total + worth, 0);
    const next = moved.map((worth) => worth / sum);
    const pull = pairs.reduce(
      (total, { i, j, notLost }) => total + (notLost * next[j]!) / (next[i]! + threshold * next[j]!),
      0,
    );
    const nextThreshold = tied > 0 ? (tied + Math.sqrt(tied ** 2 + pull ** 2)) / pull : 1;
    const change = next.reduce((most, worth, i) => Math.max(most, Math.abs(worth / worths[i]! - 1)), 0);
    const thresholdChange = Math.abs(nextThreshold - threshold);
    [worths, threshold] = [next, nextThreshold];
    if (Math.max(change, thresholdChange) < 1e-13) break;
  }
  const logLikelihood = pairs.reduce(
    (sum, { i, j, notLost }) => sum + notLost * Math.log(worths[i]! / (worths[i]! + threshold * worths[j]!)),
    tied > 0 ? tied * Math.log(threshold ** 2 - 1) : 0,
  );
  return { worths, threshold, logLikelihood };
}
