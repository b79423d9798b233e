import type { DroppedPair } from '@/lib/schemas/snapshot';
import type { SnapshotRecord } from '@/trainer/contract/record';
import type { ImportedPrompt } from '../schemas/prompt-import';
import type { Strategy } from '../schemas/strategy';
import { type ConsensusRule, consensus, defaultConsensusRule } from './consensus';
import { heuristicPairs, mergeEqualResponses } from './heuristics';
import { annotatedTarget, heuristicTarget, judgedAllBad } from './target';
import type { AnnotatorOrder } from './tiers';

/**
 * A prompt's snapshot record. Annotations override the heuristic per prompt: once somebody has annotated a prompt,
 * responses that were not judged stay incomparable, and the heuristic adds no pairs. A decision stands for all of them.
 * @param prompt with response ids that judgements use
 */
export function snapshotRecord(
  prompt: ImportedPrompt,
  annotations: readonly AnnotatorOrder[],
  {
    strategy,
    tierCount,
    decision = null,
    rule: projectRule = defaultConsensusRule,
  }: { strategy: Strategy; tierCount: number; decision?: AnnotatorOrder | null; rule?: ConsensusRule },
): { record: SnapshotRecord; dropped: DroppedPair[] } {
  const judgements = decision ? [decision] : annotations;
  // A number of supporters is asked of annotators; a decision is one judgement, and enough.
  const rule = decision ? defaultConsensusRule : projectRule;
  const { externalId, messages, documents, responses, referenceLabel } = prompt;
  const annotated = judgements.length > 0;
  const merged = consensus(
    responses.map(({ id }) => id),
    judgements,
    rule,
    tierCount,
  );
  const guessed =
    annotated || strategy === 'annotations'
      ? []
      : heuristicPairs(strategy, responses, referenceLabel).map((pair) => ({ ...pair, support: [], against: [] }));
  const ranked = responses.map(({ id, text, source, label }) => ({
    id,
    text,
    source,
    ...(label === undefined ? {} : { label }),
    ...(merged.tiers.has(id) ? { tier: merged.tiers.get(id)! } : {}),
  }));
  return {
    record: {
      id: externalId,
      prompt: messages,
      ...(documents.length > 0 ? { documents } : {}),
      responses: ranked,
      ...(referenceLabel === undefined ? {} : { reference_label: referenceLabel }),
      pairs: annotated ? merged.pairs : guessed,
      target: annotated
        ? annotatedTarget(ranked, judgedAllBad(judgements))
        : heuristicTarget(mergeEqualResponses(ranked), referenceLabel),
    },
    dropped: merged.dropped,
  };
}
