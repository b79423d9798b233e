import type { SnapshotResponse } from '@/trainer/contract/record';
import type { AnnotatorOrder } from './tiers';

/** A response in import order, with its consensus tier where anybody placed it. */
export type TargetCandidate = Omit<SnapshotResponse, 'text'>;

/** True when at least half of the annotators found no response acceptable. */
export function judgedAllBad(judgements: readonly Pick<AnnotatorOrder, 'allBad'>[]): boolean {
  const bad = judgements.filter(({ allBad }) => allBad).length;
  return bad > 0 && bad * 2 >= judgements.length;
}

/**
 * The supervised target of an annotated prompt: the best tier's response, human first, then the first as imported.
 * Null when all responses are bad or nobody placed any.
 */
export function annotatedTarget(responses: readonly TargetCandidate[], allBad: boolean): string | null {
  const placed = responses.filter(({ tier }) => tier !== undefined);
  if (allBad || placed.length === 0) return null;
  const best = placed.reduce((least, { tier }) => Math.min(least, tier!), Infinity);
  return humanFirst(placed.filter(({ tier }) => tier === best));
}

/**
 * The target of a prompt nobody annotated: the first human response unless its label is known to be wrong, else the
 * first response with the right label. A response of unknown quality is never imitated.
 */
export function heuristicTarget(responses: readonly TargetCandidate[], referenceLabel?: string | null): string | null {
  const wrong = ({ label }: TargetCandidate) =>
    referenceLabel != null && label !== undefined && label !== referenceLabel;
  const right = ({ label }: TargetCandidate) => referenceLabel != null && label === referenceLabel;
  return humanFirst(responses.filter((response) => (response.source === 'human' ? !wrong(response) : right(response))));
}

function humanFirst(candidates: readonly TargetCandidate[]): string | null {
  return (candidates.find(({ source }) => source === 'human') ?? candidates[0])?.id ?? null;
}
