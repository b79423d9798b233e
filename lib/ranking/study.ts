import { message } from '@/trainer/contract/message';
import type { AgreementReport, Figure, FigureName, RulePreview } from '../schemas/agreement';
import { namedFigures, ProjectAgreement, pairKey, type TimedOrder } from './agreement';
import { type ConsensusRule, consensus, defaultConsensusRule } from './consensus';
import { dawidSkene, type TierJudgement } from './dawid-skene';
import { ledgerOf } from './ledger';
import { type SourcedPrompt, sourceStrengths } from './source-strengths';
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

/** Beyond the rule that snapshots take, those that a preview offers beside it. */
const QUORUMS = [defaultConsensusRule.quorum, 1, 2, 3] as const;
const MAX_AGAINST = [0, 1, 2] as const;

/** Measures a project prompt by prompt: agreement, reliability, sources, and what each rule of consensus would keep. */
export class Study {
  readonly #agreement: ProjectAgreement;
  readonly #rules: RulePreview[] = QUORUMS.flatMap((quorum) =>
    MAX_AGAINST.map((maxAgainst) => ({ quorum, maxAgainst, outcomes: noOutcomes() })),
  );
  readonly #tierJudgements: TierJudgement[] = [];
  readonly #sourced: SourcedPrompt[] = [];
  readonly #tierUse = new Map<string, { prompts: number; tiers: number[] }>();
  #prompts = 0;
  #sharedPrompts = 0;
  #annotations = 0;

  constructor(readonly tierCount: number) {
    this.#agreement = new ProjectAgreement(tierCount);
  }

  add({ id, responses, judgements, expanded }: JudgedPrompt): void {
    if (judgements.length === 0) return;
    this.#prompts++;
    this.#annotations += judgements.length;
    if (judgements.length > 1) this.#sharedPrompts++;
    this.#agreement.set(id, judgements);
    for (const { annotator, order } of judgements) {
      const use = this.#tierUse.get(annotator) ?? { prompts: 0, tiers: new Array<number>(this.tierCount).fill(0) };
      this.#tierUse.set(annotator, use);
      use.prompts++;
      for (const [response, given] of order) {
        const tier = Math.min(given, this.tierCount - 1);
        use.tiers[tier]!++;
        this.#tierJudgements.push({ item: JSON.stringify([id, response]), annotator, tier });
      }
    }
    const sourceOf = new Map(responses.flatMap(({ id: one, source }) => (source === null ? [] : [[one, source]])));
    const orders = expanded.map(({ order }) => new Map([...order].filter(([response]) => sourceOf.has(response))));
    this.#sourced.push({ orders, sourceOf });
    const ids = responses.map(({ id: one }) => one);
    for (const rule of this.#rules) this.#count(ids, expanded, rule);
  }

  report(options: { seed: number; resamples: number }): AgreementReport {
    const intervals = this.#agreement.intervals(options);
    const { comparisons, ...figures } = this.#agreement.figures();
    const named = namedFigures(figures);
    const { annotators: reliability } = dawidSkene(this.#tierJudgements, this.tierCount);
    const compared = new Map(this.#agreement.annotators().map((one) => [one.annotator, one]));
    const strengths = sourceStrengths(this.#sourced, options);
    return {
      prompts: this.#prompts,
      sharedPrompts: this.#sharedPrompts,
      annotations: this.#annotations,
      comparisons,
      figures: mapValues(named, (statistic, name) => toFigure(statistic, intervals.figures[name])),
      annotators: [...this.#tierUse].map(([annotatorId, { prompts, tiers }]) => {
        const own = compared.get(annotatorId);
        return {
          annotatorId,
          prompts,
          comparisons: own?.comparisons ?? 0,
          tauX: toFigure(own?.tauX ?? nobodyElse, intervals.annotators.get(annotatorId)),
          sameTier: toFigure(own?.sameTier ?? nobodyElse),
          reliability: reliability.get(annotatorId)?.reliability ?? null,
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

  #count(
    ids: readonly string[],
    judgements: readonly JudgedOrder[],
    { quorum, maxAgainst, outcomes }: RulePreview,
  ): void {
    const rule: ConsensusRule = { quorum, maxAgainst };
    for (const { outcome } of ledgerOf(ids, judgements, consensus(ids, judgements, rule, this.tierCount))) {
      outcomes[outcome]++;
    }
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

const toFigure = (statistic: Statistic, interval: Interval = null): Figure => ({
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
