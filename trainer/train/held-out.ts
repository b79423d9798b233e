import { hashString } from '../data/hash-string';

/**
 * Chooses the prompts that training never sees: the given fraction of the ids that come first by a seeded hash,
 * independent of their order. With two or more prompts and a fraction above 0, at least one prompt is on each side.
 */
export function chooseHeldOut(promptIds: readonly string[], fraction: number, seed: number): Set<string> {
  const ids = [...new Set(promptIds)];
  if (fraction <= 0 || ids.length < 2) return new Set();
  const count = Math.min(ids.length - 1, Math.max(1, Math.round(fraction * ids.length)));
  const keyed = ids.map((id) => ({ id, key: hashString(id, seed) }));
  keyed.sort((a, b) => a.key - b.key || (a.id < b.id ? -1 : 1));
  return new Set(keyed.slice(0, count).map(({ id }) => id));
}
