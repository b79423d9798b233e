/**
 * Responses of a prompt whose texts are equal (up to Unicode normal form and white space) are judged as one: the first
 * as imported is shown and stored, and whatever reads judgements ties the others with it.
 */

import type { Placement } from '@/trainer/contract/judgement';
import { representativeIds } from '@/trainer/data/response-text';
import type { WeakOrder } from './tiers';

interface Response {
  id: string;
  text: string;
}

/** The responses that annotators see: the first of each text, in order. */
export function firstOfEqualTexts<T extends Response>(responses: readonly T[]): T[] {
  const first = representativeIds(responses);
  return responses.filter(({ id }) => first.get(id) === id);
}

/** The responses of each text, under the id of the first of them. */
export function groupEqualTexts<T extends Response>(responses: readonly T[]): Map<string, T[]> {
  const first = representativeIds(responses);
  const groups = new Map<string, T[]>();
  for (const response of responses) {
    const key = first.get(response.id) ?? response.id;
    groups.set(key, [...(groups.get(key) ?? []), response]);
  }
  return groups;
}

/**
 * One placement per text that has any, under the id of the first response with that text. Annotations from before equal
 * responses were judged as one may have several; then the first in import order that is judged counts.
 */
export function collapsePlacements(placements: readonly Placement[], responses: readonly Response[]): Placement[] {
  const given = new Map(placements.map((placement) => [placement.responseId, placement]));
  const judged = new Map<string, Placement>();
  for (const [id, first] of representativeIds(responses)) {
    const placement = given.get(id);
    const earlier = judged.get(first);
    if (placement && (earlier === undefined || earlier.state === 'not_judged')) {
      judged.set(first, { ...placement, responseId: first });
    }
  }
  return [...judged.values()];
}

/** Gives each placement to every response with the same text. */
export function expandPlacements(placements: readonly Placement[], responses: readonly Response[]): Placement[] {
  const judged = new Map(
    collapsePlacements(placements, responses).map((placement) => [placement.responseId, placement]),
  );
  return [...representativeIds(responses)].flatMap(([id, first]) => {
    const placement = judged.get(first);
    return placement ? [{ ...placement, responseId: id }] : [];
  });
}

/** The order restricted to the first response of each text. */
export function collapseOrder(order: WeakOrder, responses: readonly Response[]): WeakOrder {
  const shown = new Set(firstOfEqualTexts(responses).map(({ id }) => id));
  return new Map([...order].filter(([id]) => shown.has(id)));
}
