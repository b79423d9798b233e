import { seededRandom, shuffled } from '../data/seeded-random';

/** The order in which an epoch (from 0) goes through the data: from the seed and the epoch's number alone. */
export function epochOrder<T>(items: readonly T[], seed: number, epoch: number): T[] {
  return shuffled(items, seededRandom(seed * 1_000_003 + epoch));
}
