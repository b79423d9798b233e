import { hashString } from '../data/hash-string';

/**
 * The prompts that training never sees: the given share of the ids that come first by a seeded hash, whatever order
 * they stand in. At least one prompt stays on each side where there are two and the share is not 0.
 */
export function chooseHeldOut(promptIds: readonly string[], fraction: number, seed: number): Set<string> {
  const ids = [...new Set(promptIds)];
  if (fraction <= 0 || ids.length < 2) return new Set();
  const count = Math.min(ids.length - 1, Math.max(1, Math.round(fraction * ids.length)));
  const keyed = ids.map((id) => ({ id, key: hashString(id, seed) }));
  keyed.sort((a, b) => a.key - b.key || (a.id < b.id ? -1 : 1));
  return new Set(keyed.slice(0, count).map(({ id }) => id));
}
