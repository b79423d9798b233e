/**
 * Responses of a prompt that say the same (up to Unicode's normal form and white space) are one to whoever judges them:
 * the first as imported is shown and stored for all, and everywhere behind that its equals are tied with it.
 */

import type { Placement } from '@/trainer/contract/judgement';
import { firstOfEquals } from '@/trainer/data/response-text';
import type { WeakOrder } from './tiers';

interface Response {
  id: string;
  text: string;
}

/** The responses that people are shown, in their order. */
export function oneOfEachText<T extends Response>(responses: readonly T[]): T[] {
  const first = firstOfEquals(responses);
  return responses.filter(({ id }) => first.get(id) === id);
}

/**
 * One placement for each text that was given any, under the id of the first response with it. Where several are given,
 * as in what was judged before equal responses were one, the first in import order that says something counts.
 */
export function judgedOnce(placements: readonly Placement[], responses: readonly Response[]): Placement[] {
  const given = new Map(placements.map((placement) => [placement.responseId, placement]));
  const judged = new Map<string, Placement>();
  for (const [id, first] of firstOfEquals(responses)) {
    const placement = given.get(id);
    const known = judged.get(first);
    if (placement && (known === undefined || known.state === 'not_judged')) {
      judged.set(first, { ...placement, responseId: first });
    }
  }
  return [...judged.values()];
}

/** The same for every response that says the same. */
export function judgedForAll(placements: readonly Placement[], responses: readonly Response[]): Placement[] {
  const judged = new Map(judgedOnce(placements, responses).map((placement) => [placement.responseId, placement]));
  return [...firstOfEquals(responses)].flatMap(([id, first]) => {
    const placement = judged.get(first);
    return placement ? [{ ...placement, responseId: id }] : [];
  });
}

/** Those that are ordered, once for each text. */
export function orderedOnce(order: WeakOrder, responses: readonly Response[]): WeakOrder {
  const shown = new Set(oneOfEachText(responses).map(({ id }) => id));
  return new Map([...order].filter(([id]) => shown.has(id)));
}
