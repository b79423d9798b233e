/**
 * All figures of agreement follow from sums over comparisons (two annotators on one prompt) and prompts: from those of one
 * prompt its own, from their total the project's, from a drawn total one value of the bootstrap.
 */
import { message } from '@/trainer/contract/message';
import { ratio, type Statistic } from '../statistic';
import { alphaOf, type Metric, triangleLength } from './krippendorff';
import { cohensKappa, orderedPairAgreement, type PairCounts, pairAgreement } from './pair-counts';

/** One number for each of the fields, then alpha's coincidences of tiers. */
export type Sums = Float64Array;

const fields = [
  /** Comparisons with at least two responses in common, and the sum of their tau_x. */
  'comparisons',
  'tauX',
  /** Those of them whose tau_b is defined. */
  'tauBComparisons',
  'tauB',
  'same',
  'opposed',
  'tiedByFirst',
  'tiedBySecond',
  'tied',
  /** Responses that both placed, and how many of them in the same tier. */
  'responses',
  'sameTier',
  /** Prompts whose W is defined. */
  'concordances',
  'concordance',
] as const;
type Field = (typeof fields)[number];

export const at = Object.fromEntries(fields.map((field, i) => [field, i])) as Record<Field, number>;

export const emptySums = (tierCount: number): Sums => new Float64Array(fields.length + triangleLength(tierCount));

/** The part of the sums that holds alpha's coincidences. */
export const coincidencesIn = (sums: Sums) => sums.subarray(fields.length);

/** Adds the other to the sums. */
export function addSums(sums: Sums, other: ArrayLike<number>): void {
  for (let i = 0; i < sums.length; i++) sums[i]! += other[i]!;
}

/** Two annotators with what all prompts say of them; `first` sorts before `second`. */
export interface PairTotal {
  readonly first: string;
  readonly second: string;
  readonly sums: Sums;
}

/** Two annotators on one prompt whose tau_x is defined. */
export interface Comparison {
  readonly prompt: number;
  readonly pair: PairTotal;
  readonly tauX: number;
}

/** Figures of any set of comparisons. */
export interface Figures {
  /** The mean over comparisons: the headline. */
  readonly tauX: Statistic;
  /** The mean over the comparisons for which it is defined. */
  readonly tauB: Statistic;
  readonly alpha: Readonly<Record<Exclude<Metric, 'ratio'>, Statistic>>;
  /** Over all pairs of responses, and over all responses. */
  readonly pairAgreement: Statistic;
  readonly sameTier: Statistic;
}
/** Of prompts with all their annotators: Kendall's W is the mean over the prompts for which it is defined. */
export interface PromptFigures extends Figures {
  readonly concordance: Statistic;
}
/** Of two annotators. */
export interface AnnotatorPairFigures extends Figures {
  readonly kappa: Statistic;
}

export function figuresOf(sums: Sums): Figures {
  const coincidences = coincidencesIn(sums);
  const tierCount = (Math.sqrt(8 * coincidences.length + 1) - 1) / 2;
  const tiers = Array.from({ length: tierCount }, (_, tier) => tier);
  const alpha = (metric: Metric) => alphaOf(coincidences, tiers, metric);
  return {
    tauX: ratio(sums[at.tauX]!, sums[at.comparisons]!, message('fewerThanTwoPlacedByBoth')),
    tauB: ratio(
      sums[at.tauB]!,
      sums[at.tauBComparisons]!,
      message(sums[at.comparisons] === 0 ? 'fewerThanTwoPlacedByBoth' : 'everythingTiedByOne'),
    ),
    alpha: { nominal: alpha('nominal'), ordinal: alpha('ordinal'), interval: alpha('interval') },
    pairAgreement: pairAgreement(pairCountsOf(sums)),
    sameTier: ratio(sums[at.sameTier]!, sums[at.responses]!, message('nothingJudgedTwice')),
  };
}

export const promptFiguresOf = (sums: Sums): PromptFigures => ({
  ...figuresOf(sums),
  concordance: ratio(sums[at.concordance]!, sums[at.concordances]!, message('noConcordance')),
});

export const annotatorPairFiguresOf = (sums: Sums): AnnotatorPairFigures => ({
  ...figuresOf(sums),
  kappa: cohensKappa(pairCountsOf(sums)),
});

export const orderedPairAgreementOf = (sums: Sums): Statistic => orderedPairAgreement(pairCountsOf(sums));

const pairCountsOf = (sums: Sums): PairCounts => ({
  same: sums[at.same]!,
  opposed: sums[at.opposed]!,
  tiedByFirst: sums[at.tiedByFirst]!,
  tiedBySecond: sums[at.tiedBySecond]!,
  tied: sums[at.tied]!,
});
