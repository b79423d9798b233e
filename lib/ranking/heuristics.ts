import type { PromptResponse } from '@/trainer/contract/record';
import { representativeIds } from '@/trainer/data/response-text';
import type { OrderedPair } from './pairs';
import { pairsOfOrder } from './pairs';
import type { WeakOrder } from './tiers';
import { cosineSimilarity, trigramCounts } from './trigrams';

export const heuristics = ['human', 'label', 'hybrid', 'full'] as const;
export type Heuristic = (typeof heuristics)[number];

/**
 * Partial orders before anyone has annotated:
 * - human: human responses over all others;
 * - label: responses with the right label over those with a wrong one; a response without a label, or whose prompt has
 * no
 *   reference label, is incomparable;
 * - hybrid: human over right over wrong; an unlabelled response is only known to be below the human ones;
 * - full: human over the others, and those by similarity to the nearest human response; equal similarity ties.
 * Equal texts are tied: every pair of one of them is a pair of all.
 */
export function heuristicPairs(
  heuristic: Heuristic,
  responses: readonly PromptResponse[],
  referenceLabel?: string | null,
): OrderedPair[] {
  const first = representativeIds(responses);
  const equalTo = (id: string) => responses.filter((response) => first.get(response.id) === id);
  return pairsOfDistinctResponses(heuristic, mergeEqualResponses(responses), referenceLabel).flatMap((pair) =>
    equalTo(pair.chosen).flatMap(({ id: chosen }) =>
      equalTo(pair.rejected).map(({ id: rejected }) => ({ ...pair, chosen, rejected })),
    ),
  );
}

/**
 * Merges responses with equal texts under the first one's id. The result is human if one of them is, and has a label if
 * those with labels agree.
 */
export function mergeEqualResponses<T extends PromptResponse>(responses: readonly T[]): T[] {
  const first = representativeIds(responses);
  return responses.flatMap((response) => {
    if (first.get(response.id) !== response.id) return [];
    const equals = responses.filter(({ id }) => first.get(id) === response.id);
    const labels = new Set(equals.flatMap(({ label }) => (label === undefined ? [] : [label])));
    const { label: _, ...rest } = response;
    const source = equals.some((one) => one.source === 'human') ? 'human' : response.source;
    return [{ ...rest, source, ...(labels.size === 1 ? { label: [...labels][0]! } : {}) } as T];
  });
}

/** The heuristic's pairs of responses whose texts all differ. */
function pairsOfDistinctResponses(
  heuristic: Heuristic,
  responses: readonly PromptResponse[],
  referenceLabel?: string | null,
): OrderedPair[] {
  const human = (response: PromptResponse) => response.source === 'human';
  const right = (response: PromptResponse) =>
    referenceLabel == null || response.label === undefined ? undefined : response.label === referenceLabel;
  switch (heuristic) {
    case 'human':
      return pairsOfOrder(new Map(responses.map((response) => [response.id, human(response) ? 0 : 1])));
    case 'label':
      return pairsOfOrder(levelsOf(responses, (response) => level(right(response), 0)));
    case 'hybrid': {
      const labelled = levelsOf(responses, (response) => (human(response) ? 0 : level(right(response), 1)));
      const unlabelled = responses.filter(({ id }) => !labelled.has(id));
      const belowHuman = responses
        .filter(human)
        .flatMap((chosen) => unlabelled.map(({ id }) => ({ chosen: chosen.id, rejected: id, margin: 1 })));
      return [...pairsOfOrder(labelled), ...belowHuman];
    }
    case 'full':
      return pairsOfOrder(orderBySimilarity(responses, human));
  }
}

function level(right: boolean | undefined, best: number): number | undefined {
  return right === undefined ? undefined : right ? best : best + 1;
}

function levelsOf(
  responses: readonly PromptResponse[],
  levelOf: (response: PromptResponse) => number | undefined,
): WeakOrder {
  return new Map(
    responses.flatMap((response) => {
      const responseLevel = levelOf(response);
      return responseLevel === undefined ? [] : [[response.id, responseLevel] as const];
    }),
  );
}

function orderBySimilarity(
  responses: readonly PromptResponse[],
  human: (response: PromptResponse) => boolean,
): WeakOrder {
  const references = responses.filter(human).map(({ text }) => trigramCounts(text));
  if (references.length === 0) return new Map();
  const similarityById = new Map(
    responses
      .filter((response) => !human(response))
      .map(({ id, text }) => {
        const counts = trigramCounts(text);
        const nearest = references.reduce(
          (most, reference) => Math.max(most, cosineSimilarity(counts, reference)),
          -Infinity,
        );
        return [id, nearest] as const;
      }),
  );
  const steps = [...new Set(similarityById.values())].sort((a, b) => b - a);
  return new Map(
    responses.map((response) => [
      response.id,
      human(response) ? 0 : 1 + steps.indexOf(similarityById.get(response.id)!),
    ]),
  );
}
