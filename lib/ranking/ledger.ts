import type { DroppedPair } from '../schemas/snapshot';
import type { Consensus } from './consensus';
import { pairVotes } from './pair-votes';
import type { JudgedOrder } from './tiers';

/** Two responses of a prompt: what became of their order in the consensus, and who says what. */
export interface LedgerRow {
  /** The better one by consensus, else by most votes; of tied ones the first as imported. */
  readonly better: string;
  readonly worse: string;
  /**
   * - kept: enough support it, and no more than the rule allows contradict it;
   * - implied: too few or no votes of its own, but it follows from pairs that were kept;
   * - tied: everybody who placed both ties them;
   * - else: why it was dropped.
   */
  readonly outcome: 'kept' | 'implied' | 'tied' | DroppedPair['reason'];
  /** Tiers between the two; null unless the order is in the consensus. */
  readonly margin: number | null;
  readonly support: readonly string[];
  readonly against: readonly string[];
  readonly tied: readonly string[];
}

/**
 * Every pair of a prompt's responses that somebody judged or that the consensus implies, in import order; the others are
 * in no relation. Equal to what the consensus keeps and drops, with those who tie.
 */
export function ledgerOf(
  responseIds: readonly string[],
  judgements: readonly JudgedOrder[],
  { pairs, dropped }: Pick<Consensus, 'pairs' | 'dropped'>,
): LedgerRow[] {
  const key = (a: string, b: string) => JSON.stringify([a, b]);
  const keptByKey = new Map(pairs.map((pair) => [key(pair.chosen, pair.rejected), pair]));
  const droppedByKey = new Map(dropped.map((pair) => [key(pair.better, pair.worse), pair]));
  return responseIds.flatMap((first, i) =>
    responseIds.slice(i + 1).flatMap((second): LedgerRow[] => {
      const directions = [
        [first, second],
        [second, first],
      ] as const;
      const [better, worse] =
        directions.find(([a, b]) => keptByKey.has(key(a, b))) ??
        directions.find(([a, b]) => droppedByKey.has(key(a, b))) ??
        directions[0];
      const { support, against, tied } = pairVotes(better, worse, judgements);
      const row = { better, worse, support, against, tied };
      const kept = keptByKey.get(key(better, worse));
      const reason = (droppedByKey.get(key(better, worse)) ?? droppedByKey.get(key(worse, better)))?.reason;
      // A pair that was dropped for want of votes can still follow from others.
      const isVoted = support.length > 0 && reason === undefined;
      if (kept) return [{ ...row, outcome: isVoted ? 'kept' : 'implied', margin: kept.margin }];
      if (reason) return [{ ...row, outcome: reason, margin: null }];
      return tied.length > 0 ? [{ ...row, outcome: 'tied', margin: null }] : [];
    }),
  );
}
