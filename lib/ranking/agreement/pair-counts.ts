/**
 * What two annotators say of each pair of responses that both of them placed: one is better, or they are tied. A response
 * that either could not judge, or did not, is in no pair: a gap is never a tie. All figures below follow from five counts,
 * which depend neither on the order of the responses nor on the numbering of the tiers.
 */
import { message } from '@/trainer/contract/message';
import { ratio, type Statistic, undefinedFor } from '../statistic';

export interface PairCounts {
  /** Both order the pair, the same way. */
  readonly same: number;
  /** Both order it, in opposite ways. */
  readonly opposed: number;
  /** Only the first, or only the second, ties it. */
  readonly tiedByFirst: number;
  readonly tiedBySecond: number;
  readonly tied: number;
}

/** Counts over the tiers that both gave to the same responses. */
export function pairCounts(first: ArrayLike<number>, second: ArrayLike<number>): PairCounts {
  let [same, opposed, tiedByFirst, tiedBySecond, tied] = [0, 0, 0, 0, 0];
  for (let i = 0; i < first.length; i++) {
    for (let j = i + 1; j < first.length; j++) {
      const a = first[i]! - first[j]!;
      const b = second[i]! - second[j]!;
      if (a === 0) {
        if (b === 0) tied++;
        else tiedByFirst++;
      } else if (b === 0) tiedBySecond++;
      else if (a > 0 === b > 0) same++;
      else opposed++;
    }
  }
  return { same, opposed, tiedByFirst, tiedBySecond, tied };
}

const total = ({ same, opposed, tiedByFirst, tiedBySecond, tied }: PairCounts) =>
  same + opposed + tiedByFirst + tiedBySecond + tied;

/**
 * Emond and Mason's tau_x. A tie is a statement ("as good as"), so it is defined for orders with ties, even when all is
 * tied: of a pair that one ties and the other orders, the two halves of their score cancel.
 */
export function tauX(counts: PairCounts): Statistic {
  return ratio(counts.same + counts.tied - counts.opposed, total(counts), message('fewerThanTwoPlacedByBoth'));
}

/** Kendall's tau_b: what either tied is not in the denominator, so it is undefined when one of them tied everything. */
export function tauB(counts: PairCounts): Statistic {
  const { same, opposed, tiedByFirst, tiedBySecond } = counts;
  if (total(counts) === 0) return undefinedFor(message('fewerThanTwoPlacedByBoth'));
  const ordered = Math.sqrt((same + opposed + tiedByFirst) * (same + opposed + tiedBySecond));
  return ratio(same - opposed, ordered, message('everythingTiedByOne'));
}

/** The share of pairs of which both say the same: this one is better, or that one, or they are tied. */
export function pairAgreement(counts: PairCounts): Statistic {
  return ratio(counts.same + counts.tied, total(counts), message('fewerThanTwoPlacedByBoth'));
}

/** The same over the pairs that neither ties. */
export function orderedPairAgreement({ same, opposed }: PairCounts): Statistic {
  return ratio(same, same + opposed, message('noPairOrderedByBoth'));
}

/**
 * Cohen's kappa over {better, tied, worse}. Each pair counts in both directions, since responses have no first and
 * second: so "better" is as frequent as "worse", and kappa does not depend on how responses are listed.
 */
export function cohensKappa(counts: PairCounts): Statistic {
  const pairs = total(counts);
  if (pairs === 0) return undefinedFor(message('fewerThanTwoPlacedByBoth'));
  const tiedFirst = (counts.tied + counts.tiedByFirst) / pairs;
  const tiedSecond = (counts.tied + counts.tiedBySecond) / pairs;
  const chance = tiedFirst * tiedSecond + ((1 - tiedFirst) * (1 - tiedSecond)) / 2;
  return ratio((counts.same + counts.tied) / pairs - chance, 1 - chance, message('everyPairTiedByBoth'));
}
