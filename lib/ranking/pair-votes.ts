import type { JudgedOrder } from './tiers';

/** What those who placed both responses say of two: the first is better, worse, or as good. */
export interface PairVotes {
  support: string[];
  against: string[];
  tied: string[];
  /** Tiers between the two, of each supporter. */
  gaps: number[];
}

export function pairVotes(better: string, worse: string, judgements: readonly JudgedOrder[]): PairVotes {
  const votes: PairVotes = { support: [], against: [], tied: [], gaps: [] };
  if (better === worse) return votes;
  for (const { annotator, order } of judgements) {
    const [tierOfBetter, tierOfWorse] = [order.get(better), order.get(worse)];
    if (tierOfBetter === undefined || tierOfWorse === undefined) continue;
    if (tierOfBetter < tierOfWorse) {
      votes.support.push(annotator);
      votes.gaps.push(tierOfWorse - tierOfBetter);
    } else if (tierOfBetter > tierOfWorse) votes.against.push(annotator);
    else votes.tied.push(annotator);
  }
  return votes;
}
