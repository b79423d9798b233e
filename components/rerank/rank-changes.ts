/** Compares two rankings of one prompt. */
import type { RerankedPrompt, RerankedResponse } from '@/lib/schemas/run-answers';
import type { ScoreStage } from '@/trainer/contract/run-event';

/** The number of places gained (positive) or lost; null unless the response has both ranks. */
export function placesGained({ rankBefore, rankAfter }: RerankedResponse): number | null {
  return rankBefore === null || rankAfter === null ? null : rankBefore - rankAfter;
}

export function hasChanged(prompt: RerankedPrompt): boolean {
  return prompt.responses.some((response) => (placesGained(response) ?? 0) !== 0);
}

/** Sorted by the latest rank, best first; responses without a rank come last, and ties keep their order. */
export function orderByNewRank(responses: readonly RerankedResponse[]): RerankedResponse[] {
  const rank = ({ rankAfter, rankBefore }: RerankedResponse) => rankAfter ?? rankBefore ?? Number.POSITIVE_INFINITY;
  return responses
    .map((response, index) => ({ response, index, rank: rank(response) }))
    .sort((a, b) => (a.rank === b.rank ? a.index - b.index : a.rank - b.rank))
    .map(({ response }) => response);
}

export interface PairCount {
  readonly right: number;
  readonly pairs: number;
}

/**
 * The number of pairs of responses in different human tiers that the scores order correctly; equal scores count one
 * half. Null when there are no such pairs, or no scores.
 */
export function tierPairsRight(responses: readonly RerankedResponse[], stage: ScoreStage): PairCount | null {
  let right = 0;
  let pairs = 0;
  for (const better of responses) {
    for (const worse of responses) {
      if (better.tier === null || worse.tier === null || better.tier >= worse.tier) continue;
      const [high, low] = [better[stage], worse[stage]];
      if (high === null || low === null) continue;
      pairs++;
      right += high > low ? 1 : high === low ? 0.5 : 0;
    }
  }
  return pairs === 0 ? null : { right, pairs };
}

export interface RerankFilter {
  readonly heldOutOnly: boolean;
  readonly changedOnly: boolean;
}

export function matchesFilter(prompt: RerankedPrompt, { heldOutOnly, changedOnly }: RerankFilter): boolean {
  return (!heldOutOnly || prompt.heldOut) && (!changedOnly || hasChanged(prompt));
}
