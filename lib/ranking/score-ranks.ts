/**
 * Ranks by descending score, from 1; equal scores share the best rank and the next one is skipped (1, 1, 3).
 * A response without a score has no rank.
 */
export function scoreRanks(scores: readonly (number | null)[]): (number | null)[] {
  return scores.map((score) =>
    score === null ? null : 1 + scores.filter((other) => other !== null && other > score).length,
  );
}
