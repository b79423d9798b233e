import { message } from '@/trainer/contract/message';
import { type AgreementReport, type Figure, type FigureName, OUTCOMES, type RulePreview } from '../schemas/agreement';
import {
  namedFigures,
  ProjectAgreement,
  type PromptAgreement,
  pairKey,
  promptAgreement,
  type TimedOrder,
} from './agreement';
import { type ConsensusRule, consensus, defaultConsensusRule } from './consensus';
import { estimateReliability } from './dawid-skene';
import { ledgerOf } from './ledger';
import { type SourceOutcomes, sourceOutcomes, sourceStrengths } from './source-strengths';
import { type Interval, type Statistic, undefinedFor } from './statistic';
import type { JudgedOrder } from './tiers';

/** A prompt as people judged it; gold is left out by the caller. */
export interface JudgedPrompt {
  readonly id: string;
  readonly responses: readonly { readonly id: string; readonly source: string | null }[];
  /** As they were made, each text once: equal responses are one card on the board. */
  readonly judgements: readonly TimedOrder[];
  /** The same with equal responses tied, as snapshots take them. */
  readonly expanded: readonly JudgedOrder[];
}

/** All of a report but what models are measured by. */
export type StudyReport = Omit<AgreementReport, 'judges'>;

/** All that a judged prompt adds to the report; JSON keeps it. */
export interface StudyContribution {
  readonly agreement: PromptAgreement;
  /** Of each judgement: its annotator's number in `agreement`, then each placed response's number and its tier. */
  readonly placed: readonly (readonly number[])[];
  readonly sources: SourceOutcomes;
  /** Pairs of responses by outcome in the order of `OUTCOMES`, one row a rule of `offeredRules`. */
  readonly outcomes: readonly (readonly number[])[];
}

export interface StudyOptions {
  readonly tierCount: number;
  /** The project's own, which is among those that the report previews. */
  readonly rule: ConsensusRule;
}

/** The rules that a preview offers, beside the project's own. */
const QUORUMS: readonly ConsensusRule['quorum'][] = [defaultConsensusRule.quorum, 1, 2, 3];
const MAX_AGAINST: readonly number[] = [0, 1, 2];

export function offeredRules({ quorum, maxAgainst }: ConsensusRule): ConsensusRule[] {
  return withOne(QUORUMS, quorum).flatMap((one) =>
    withOne(MAX_AGAINST, maxAgainst).map((against) => ({ quorum: one, maxAgainst: against })),
  );
}
function withOne<T>(all: readonly T[], one: T): readonly T[] {
  return all.includes(one) ? all : [...all, one];
}

/** What a prompt adds, whatever is known of others; null where nobody judged it. */
export function studyContribution(
  { responses, judgements, expanded }: JudgedPrompt,
  { tierCount, rule }: StudyOptions,
): StudyContribution | null {
  if (judgements.length === 0) return null;
  const agreement = promptAgreement(judgements, tierCount);
  const numberOf = new Map<string, number>();
  const number = (response: string) => {
    const known = numberOf.get(response) ?? numberOf.size;
    numberOf.set(response, known);
    return known;
  };
  const sourceOf = new Map(responses.flatMap(({ id, source }) => (source === null ? [] : [[id, source]])));
  const ids = responses.map(({ id }) => id);
  return {
    agreement,
    placed: judgements.map(({ annotator, order }) => [
      agreement.annotators.indexOf(annotator),
      ...[...order].flatMap(([response, tier]) => [number(response), Math.min(tier, tierCount - 1)]),
    ]),
    sources: sourceOutcomes({
      orders: expanded.map(({ order }) => new Map([...order].filter(([response]) => sourceOf.has(response)))),
      sourceOf,
    }),
    outcomes: offeredRules(rule).map((one) => outcomeCounts(ids, expanded, one, tierCount)),
  };
}

function outcomeCounts(
  ids: readonly string[],
  judgements: readonly JudgedOrder[],
  rule: ConsensusRule,
  tierCount: number,
): number[] {
  const counts = OUTCOMES.map(() => 0);
  for (const { outcome } of ledgerOf(ids, judgements, consensus(ids, judgements, rule, tierCount))) {
    counts[OUTCOMES.indexOf(outcome)]!++;
  }
  return counts;
}

/** Measures a project prompt by prompt: agreement, reliability, sources, and what each rule of consensus would keep. */
export class Study {
  readonly tierCount: number;
  readonly #agreement: ProjectAgreement;
  readonly #rules: RulePreview[];
  /** Each placement's response, annotator and tier. */
  readonly #items: number[] = [];
  readonly #annotatorNumbers: number[] = [];
  readonly #tiers: number[] = [];
  readonly #sourced: SourceOutcomes[] = [];
  readonly #annotators = new Map<string, { number: number; prompts: number; tiers: number[] }>();
  #itemCount = 0;
  #sharedPrompts = 0;
  #annotations = 0;

  constructor({ tierCount, rule }: StudyOptions) {
    this.tierCount = tierCount;
    this.#agreement = new ProjectAgreement(tierCount);
    this.#rules = offeredRules(rule).map((one) => ({ ...one, outcomes: noOutcomes() }));
  }

  /** What was made with the options of this study. */
  add({ agreement, placed, sources, outcomes }: StudyContribution): void {
    this.#annotations += placed.length;
    if (placed.length > 1) this.#sharedPrompts++;
    this.#agreement.add(agreement);
    this.#sourced.push(sources);
    let responses = 0;
    for (const [annotator, ...placements] of placed) {
      const own = this.#annotator(agreement.annotators[annotator!]!);
      own.prompts++;
      for (let i = 0; i < placements.length; i += 2) {
        const [response, tier] = [placements[i]!, placements[i + 1]!];
        own.tiers[tier]!++;
        responses = Math.max(responses, response + 1);
        this.#items.push(this.#itemCount + response);
        this.#annotatorNumbers.push(own.number);
        this.#tiers.push(tier);
      }
    }
    this.#itemCount += responses;
    this.#rules.forEach((rule, i) => {
      for (const [o, outcome] of OUTCOMES.entries()) rule.outcomes[outcome] += outcomes[i]![o]!;
    });
  }

  #annotator(name: string) {
    const known = this.#annotators.get(name) ?? {
      number: this.#annotators.size,
      prompts: 0,
      tiers: new Array<number>(this.tierCount).fill(0),
    };
    this.#annotators.set(name, known);
    return known;
  }

  report(options: { seed: number; resamples: number }): StudyReport {
    const intervals = this.#agreement.intervals(options);
    const { comparisons, ...figures } = this.#agreement.figures();
    const named = namedFigures(figures);
    const { annotators: reliability } = estimateReliability(
      {
        items: this.#itemCount,
        annotators: [...this.#annotators.keys()],
        itemOf: this.#items,
        annotatorOf: this.#annotatorNumbers,
        given: this.#tiers,
      },
      this.tierCount,
    );
    const placed = (annotator: string) => {
      const known = reliability.get(annotator);
      return known && known.judgements > 0 ? known : undefined;
    };
    const compared = new Map(this.#agreement.annotators().map((one) => [one.annotator, one]));
    const strengths = sourceStrengths(this.#sourced, options);
    return {
      prompts: this.#sourced.length,
      sharedPrompts: this.#sharedPrompts,
      annotations: this.#annotations,
      comparisons,
      figures: mapValues(named, (statistic, name) => toFigure(statistic, intervals.figures[name])),
      annotators: [...this.#annotators].map(([annotatorId, { prompts, tiers }]) => {
        const own = compared.get(annotatorId);
        return {
          annotatorId,
          prompts,
          comparisons: own?.comparisons ?? 0,
          tauX: toFigure(own?.tauX ?? nobodyElse, intervals.annotators.get(annotatorId)),
          sameTier: toFigure(own?.sameTier ?? nobodyElse),
          reliability: placed(annotatorId)?.reliability ?? null,
          tierUse: tiers,
        };
      }),
      pairs: this.#agreement.pairs().map(({ first, second, comparisons: own, tauX, kappa }) => ({
        first,
        second,
        comparisons: own,
        tauX: toFigure(tauX, intervals.pairs.get(pairKey(first, second))),
        kappa: toFigure(kappa),
      })),
      overTime: this.#agreement
        .overTime((time) => new Date(time).toISOString().slice(0, 10))
        .filter(({ comparisons: own }) => own > 0)
        .map(({ bucket, comparisons: own, tauX }) => ({ day: bucket, comparisons: own, tauX: toFigure(tauX) })),
      sources: strengths.sources.map(
        ({ source, wins, losses, ties, winRate, winRateInterval, worth, logStandardError }) => ({
          source,
          wins,
          losses,
          ties,
          winRate: toFigure(winRate, winRateInterval),
          worth,
          logStandardError,
        }),
      ),
      noStrengths: strengths.reason,
      rules: this.#rules,
    };
  }
}

const noOutcomes = (): RulePreview['outcomes'] => ({
  kept: 0,
  implied: 0,
  tied: 0,
  contradicted: 0,
  unsupported: 0,
  cycle: 0,
  conflict: 0,
});

const nobodyElse: Statistic = undefinedFor(message('fewerThanTwoPlacedByBoth'));

export const toFigure = (statistic: Statistic, interval: Interval = null): Figure => ({
  value: statistic.value,
  interval: interval && [interval[0], interval[1]],
  reason: statistic.value === null ? statistic.reason : null,
});

function mapValues(
  named: Readonly<Record<FigureName, Statistic>>,
  map: (statistic: Statistic, name: FigureName) => Figure,
): Record<FigureName, Figure> {
  return Object.fromEntries(
    (Object.keys(named) as FigureName[]).map((name) => [name, map(named[name], name)]),
  ) as Record<FigureName, Figure>;
}
