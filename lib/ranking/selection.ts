/** A snapshot's choice among the pairs of a prompt, and the split that a prompt belongs to: the same wherever it is computed. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { canonicalJson } from '@/trainer/contract/canonical-json';
import type { Pair, SnapshotRecord } from '@/trainer/contract/record';
import type { SnapshotSelection } from '../schemas/snapshot-selection';

const digest = (parts: readonly (string | number)[]): string => bytesToHex(sha256(utf8ToBytes(canonicalJson(parts))));
/** In [0, 1), from the first 48 bits. */
export const draw = (parts: readonly (string | number)[]): number =>
  Number.parseInt(digest(parts).slice(0, 12), 16) / 2 ** 48;

/**
 * By a hash of the seed and the prompt's own id alone. So a prompt stays in its split while others come and go, and where
 * shares grow, prompts only leave the training set.
 */
export function splitOfPrompt(
  id: string,
  seed: number,
  { validation, test }: NonNullable<SnapshotSelection['split']>,
): NonNullable<SnapshotRecord['split']> {
  const drawn = draw([seed, 'split', id]) * 100;
  if (drawn < test) return 'test';
  return drawn >= 100 - validation ? 'validation' : 'train';
}

/** Pairs with the least margin or more, and of these at most so many, chosen by the seed; in the order that they had. */
export function selectPairs(
  id: string,
  pairs: readonly Pair[],
  { seed, pairsPerPrompt, leastMargin = 0 }: SnapshotSelection,
): { pairs: Pair[]; belowMargin: number; aboveCap: number } {
  const wide = pairs.filter(({ margin }) => margin >= leastMargin);
  const belowMargin = pairs.length - wide.length;
  if (pairsPerPrompt === undefined || wide.length <= pairsPerPrompt) return { pairs: wide, belowMargin, aboveCap: 0 };
  const drawn = wide.map((pair) => ({ pair, key: digest([seed, 'pair', id, pair.chosen, pair.rejected]) }));
  const chosen = new Set(
    drawn
      .sort((a, b) => (a.key < b.key ? -1 : 1))
      .slice(0, pairsPerPrompt)
      .map(({ pair }) => pair),
  );
  return { pairs: wide.filter((pair) => chosen.has(pair)), belowMargin, aboveCap: wide.length - pairsPerPrompt };
}
