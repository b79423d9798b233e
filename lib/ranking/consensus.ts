import type { Pair } from '@/trainer/contract/record';
import type { DroppedPair } from '../schemas/snapshot';
import { pairVotes } from './pair-votes';
import {
  edgesOf,
  relationOf,
  stronglyConnectedComponents,
  topologicalLevels,
  transitiveClosure,
} from './partial-order';
import type { JudgedOrder } from './tiers';

export interface ConsensusRule {
  /** How many supporters a pair needs among those who judged both responses: more than half, or a fixed number. */
  quorum: 'majority' | number;
  /** How many annotators may prefer the opposite. */
  maxAgainst: number;
}
export const defaultConsensusRule: ConsensusRule = { quorum: 'majority', maxAgainst: 0 };

/** The settings of a project that hold its rule; without a quorum it is the majority. */
export interface ConsensusSettings {
  consensusQuorum: number | null;
  consensusMaxAgainst: number;
}
export const consensusRuleOf = ({ consensusQuorum, consensusMaxAgainst }: ConsensusSettings): ConsensusRule => ({
  quorum: consensusQuorum ?? 'majority',
  maxAgainst: consensusMaxAgainst,
});
export const isSameRule = (one: ConsensusRule, other: ConsensusRule): boolean =>
  one.quorum === other.quorum && one.maxAgainst === other.maxAgainst;
export const consensusSettingsOf = ({ quorum, maxAgainst }: ConsensusRule): ConsensusSettings => ({
  consensusQuorum: quorum === 'majority' ? null : quorum,
  consensusMaxAgainst: maxAgainst,
});

export interface Consensus {
  /** Transitively closed and acyclic. An implied pair that nobody judged directly has an empty ledger. */
  pairs: Pair[];
  dropped: DroppedPair[];
  /** Response id -> tier, 0 = best, for every response that anybody placed; tiers never contradict a pair. */
  tiers: Map<string, number>;
}

/**
 * Merges annotators into one partial order. Responses on which they contradict each other become incomparable.
 *
 * Transitivity could imply a contradicted preference: a over b and b over c are accepted, but somebody who never judged
 * b put c over a. The evidence is then inconsistent, so every pair on a path from a to c is dropped as well.
 *
 * @param responseIds the prompt's responses as imported: fixes the order of everything returned
 * @param tierCount tiers of the project; consensus tiers stay below it
 */
export function consensus(
  responseIds: readonly string[],
  judgements: readonly JudgedOrder[],
  rule: ConsensusRule = defaultConsensusRule,
  tierCount = Number.POSITIVE_INFINITY,
): Consensus {
  const n = responseIds.length;
  const votes = responseIds.map((a) => responseIds.map((b) => pairVotes(a, b, judgements)));
  const dropped: DroppedPair[] = [];
  const drop = (better: number, worse: number, reason: DroppedPair['reason']) => {
    const { support, against } = votes[better]![worse]!;
    dropped.push({ better: responseIds[better]!, worse: responseIds[worse]!, reason, support, against });
  };

  const supported: { better: number; worse: number }[] = [];
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) {
      const forward = votes[i]![j]!;
      if (forward.support.length + forward.against.length === 0) continue;
      const [better, worse] = forward.support.length >= forward.against.length ? [i, j] : [j, i];
      const { support, against, tied } = votes[better]![worse]!;
      const verdict = judgeVotes({ support: support.length, against: against.length, tied: tied.length }, rule);
      if (verdict !== 'kept') drop(better, worse, verdict);
      else supported.push({ better, worse });
    }
  }

  const component = stronglyConnectedComponents(relationOf(n, supported));
  const acyclic = supported.filter(({ better, worse }) => {
    if (component[better] !== component[worse]) return true;
    drop(better, worse, 'cycle');
    return false;
  });

  const reachable = transitiveClosure(relationOf(n, acyclic));
  const forbidden = edgesOf(reachable).filter(
    ({ better, worse }) =>
      !acyclic.some((edge) => edge.better === better && edge.worse === worse) &&
      votes[better]![worse]!.against.length > rule.maxAgainst,
  );
  const liesOnForbiddenPath = ({ better, worse }: { better: number; worse: number }) =>
    forbidden.some(
      (end) =>
        (end.better === better || reachable[end.better]![better]) &&
        (end.worse === worse || reachable[worse]![end.worse]),
    );
  const consistent = acyclic.filter((edge) => {
    if (!liesOnForbiddenPath(edge)) return true;
    drop(edge.better, edge.worse, 'conflict');
    return false;
  });

  const relation = transitiveClosure(relationOf(n, consistent));
  const levels = topologicalLevels(relation);
  const pairs = edgesOf(relation).map(({ better, worse }) => {
    const { support, against, gaps } = votes[better]![worse]!;
    const margin = gaps.length > 0 ? lowerMedian(gaps) : levels[worse]! - levels[better]!;
    return { chosen: responseIds[better]!, rejected: responseIds[worse]!, margin, support, against };
  });

  const tiers = new Map<string, number>();
  // Best first, so that everything above an item already has a tier.
  for (const i of responseIds.map((_, index) => index).sort((a, b) => levels[a]! - levels[b]! || a - b)) {
    const placed = judgements.flatMap(({ order }) => order.get(responseIds[i]!) ?? []);
    if (placed.length === 0) continue;
    const above = responseIds.flatMap((id, j) => (relation[j]![i] ? [tiers.get(id)! + 1] : []));
    tiers.set(responseIds[i]!, Math.min(Math.max(lowerMedian(placed), ...above), tierCount - 1));
  }
  return { pairs, dropped, tiers };
}

/** How many say of two responses that the first is better, worse, or as good. */
export interface VoteCounts {
  readonly support: number;
  readonly against: number;
  readonly tied: number;
}

/** What the rule says of a pair by its own votes, of which more are for it than against it, or as many. */
function judgeVotes(
  { support, against, tied }: VoteCounts,
  { quorum, maxAgainst }: ConsensusRule,
): 'kept' | 'contradicted' | 'unsupported' {
  // An even split has no better side; with maxAgainst > 0 import order would otherwise decide it.
  if (against > maxAgainst || support === against) return 'contradicted';
  const hasQuorum = quorum === 'majority' ? support * 2 > support + against + tied : support >= quorum;
  return hasQuorum ? 'kept' : 'unsupported';
}

/** Which of two responses the rule prefers by their own votes: 1 the first, -1 the second, 0 neither. */
export function preferredSide({ support, against, tied }: VoteCounts, rule: ConsensusRule): -1 | 0 | 1 {
  const [more, less] = support >= against ? [support, against] : [against, support];
  if (judgeVotes({ support: more, against: less, tied }, rule) !== 'kept') return 0;
  return support > against ? 1 : -1;
}

/** The median; of two middle values the smaller one, so that it stays a whole number of tiers. */
function lowerMedian(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[(values.length - 1) >> 1]!;
}
