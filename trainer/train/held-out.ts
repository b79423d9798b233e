import type { SnapshotRecord } from '../contract/record';
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

/** The prompts of a snapshot that training never sees: those that its split keeps for something else; without a split, a fraction. */
export function heldOutRecords(
  records: readonly Pick<SnapshotRecord, 'id' | 'split'>[],
  fraction: number,
  seed: number,
): Set<string> {
  const kept = records.filter(({ split = 'train' }) => split !== 'train').map(({ id }) => id);
  if (kept.length > 0 || records.some(({ split }) => split !== undefined)) return new Set(kept);
  return chooseHeldOut(
    records.map(({ id }) => id),
    fraction,
    seed,
  );
}
