import fc from 'fast-check';
import { type Relation, transitiveClosure } from './partial-order';
import type { AnnotatorOrder } from './tiers';

/** Checks a property with a random seed, which a failure prints; FC_SEED repeats it. */
export function check<T>(property: fc.IPropertyWithHooks<T>): void {
  const seed = Number(process.env.FC_SEED ?? Math.floor(Math.random() * 2 ** 31));
  try {
    fc.assert(property, { seed, numRuns: 300 });
  } catch (error) {
    throw new Error(`FC_SEED=${seed} shows this again. ${(error as Error).message}`, { cause: error });
  }
}

export const responseIds = (n: number) => Array.from({ length: n }, (_, i) => `r${i}`);

/** A weak order over some of n responses in up to 4 tiers; undefined = not judged. */
export const orderOf = (n: number, { complete = false } = {}) =>
  fc
    .array(complete ? fc.integer({ min: 0, max: 3 }) : fc.option(fc.integer({ min: 0, max: 3 }), { nil: undefined }), {
      minLength: n,
      maxLength: n,
    })
    .map((tiers) => new Map(tiers.flatMap((tier, i) => (tier === undefined ? [] : [[`r${i}`, tier] as const]))));

export const judgementsOf = (n: number, options?: { complete?: boolean }): fc.Arbitrary<AnnotatorOrder[]> =>
  fc
    .array(fc.record({ order: orderOf(n, options), allBad: fc.boolean() }), { minLength: 1, maxLength: 6 })
    .map((all) => all.map((one, i) => ({ annotator: `annotator-${i}`, ...one })));

/** Whether whatever is better than a better item is better itself. */
export function isTransitive(relation: Relation): boolean {
  const closed = transitiveClosure(relation);
  return relation.every((row, i) => row.every((isBetter, j) => isBetter === closed[i]![j]));
}
