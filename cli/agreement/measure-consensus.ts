import type { ReadAnnotation } from '../../lib/formats/read-annotations';
import { type ConsensusRule, consensus } from '../../lib/ranking/consensus';
import { dawidSkene } from '../../lib/ranking/dawid-skene';
import { kemeny } from '../../lib/ranking/kemeny';
import { type LedgerRow, ledgerOf } from '../../lib/ranking/ledger';
import { type SourceOutcomes, sourceOutcomes, sourceStrengths } from '../../lib/ranking/source-strengths';
import { inEnglish } from '../../trainer/contract/english';
import {
  annotatorNames,
  byPrompt,
  type MeasureOptions,
  orderOf,
  type PrintedFigure,
  printedFigure,
} from './measure-agreement';

export interface MeasuredConsensus {
  readonly rule: { readonly quorum: ConsensusRule['quorum']; readonly max_against: number };
  /** Pairs of responses that somebody judged, or that follow, by what became of them. */
  readonly pairs: Readonly<Record<LedgerRow['outcome'], number>>;
  readonly median: {
    /** The mean over prompts of the mean tau_x between the median order and the annotators'. */
    readonly tau_x: PrintedFigure;
    /** Prompts on which several orders are equally good, and those with too many responses to consider every order. */
    readonly ambiguous: number;
    readonly approximate: number;
  };
  readonly reliability: readonly { annotator: string; reliability: number; judgements: number }[];
  readonly sources: readonly SourceRow[];
  /** Davidson's tie; null, with the reason in words, where strengths have no limit. */
  readonly tie: PrintedFigure;
}
export interface SourceRow {
  readonly source: string;
  readonly wins: number;
  readonly losses: number;
  readonly ties: number;
  readonly win_rate: PrintedFigure;
  readonly worth: number | null;
  readonly log_standard_error: number | null;
  readonly rao_kupper_worth: number | null;
}

/** One prompt of the file that --out names. */
export interface MergedPrompt {
  readonly prompt: string;
  readonly median: {
    readonly levels: Readonly<Record<string, number>>;
    readonly tau_x: number | null;
    readonly exact: boolean;
    readonly equally_good: number | null;
  };
  /** Response -> probability of each tier, by Dawid and Skene. */
  readonly tier_probabilities: Readonly<Record<string, readonly number[]>>;
  readonly ledger: readonly LedgerRow[];
}

export interface ConsensusOptions extends Pick<MeasureOptions, 'tierCount' | 'seed' | 'resamples'> {
  readonly rule: ConsensusRule;
}

export function measureConsensus(
  annotations: readonly ReadAnnotation[],
  { tierCount, seed, resamples, rule }: ConsensusOptions,
): { measured: MeasuredConsensus; prompts: MergedPrompt[] } {
  const nameOf = annotatorNames(annotations);
  const itemOf = (prompt: string, response: string) => JSON.stringify([prompt, response]);
  const tiers = dawidSkene(
    annotations.flatMap(({ prompt, annotator, placements }) =>
      placements.flatMap(({ response, tier }) =>
        tier === null ? [] : [{ item: itemOf(prompt, response), annotator: annotator.id, tier }],
      ),
    ),
    tierCount,
  );
  const pairs = { kept: 0, implied: 0, tied: 0, contradicted: 0, unsupported: 0, cycle: 0, conflict: 0 };
  const means: number[] = [];
  const prompts: MergedPrompt[] = [];
  const sourced: SourceOutcomes[] = [];
  for (const [prompt, own] of byPrompt(annotations)) {
    const sourceOf = new Map(own.flatMap(({ placements }) => placements.map((one) => [one.response, one.source])));
    const responses = [...sourceOf.keys()];
    const judgements = own.map((one) => ({ annotator: nameOf(one.annotator.id), order: orderOf(one) }));
    sourced.push(sourceOutcomes({ orders: judgements.map(({ order }) => order), sourceOf }));
    const ledger = ledgerOf(responses, judgements, consensus(responses, judgements, rule, tierCount));
    for (const { outcome } of ledger) pairs[outcome]++;
    const median = kemeny(responses, judgements);
    if (median.tauX.value !== null) means.push(median.tauX.value);
    const probabilities = responses.flatMap((response) => {
      const known = tiers.items.get(itemOf(prompt, response));
      return known ? [[response, known.map((share) => Number(share.toFixed(6)))] as const] : [];
    });
    prompts.push({
      prompt,
      median: {
        levels: Object.fromEntries(median.levels),
        tau_x: median.tauX.value,
        exact: median.exact,
        equally_good: median.equallyGood,
      },
      tier_probabilities: Object.fromEntries(probabilities),
      ledger,
    });
  }
  const strengths = sourceStrengths(sourced, { seed, resamples });
  const mean = means.reduce((sum, value) => sum + value, 0) / means.length;
  return {
    prompts,
    measured: {
      rule: { quorum: rule.quorum, max_against: rule.maxAgainst },
      pairs,
      median: {
        tau_x: means.length > 0 ? { value: mean } : { value: null, words: 'nobody placed two responses of a prompt' },
        ambiguous: prompts.filter(({ median }) => (median.equally_good ?? 1) > 1).length,
        approximate: prompts.filter(({ median }) => !median.exact).length,
      },
      reliability: [...tiers.annotators]
        .map(([id, { reliability, judgements }]) => ({ annotator: nameOf(id), reliability, judgements }))
        .sort((a, b) => b.reliability - a.reliability),
      sources: strengths.sources.map(
        ({ source, wins, losses, ties, winRate, winRateInterval, worth, logStandardError, raoKupperWorth }) => ({
          source,
          wins,
          losses,
          ties,
          win_rate: printedFigure(winRate, winRateInterval),
          worth,
          log_standard_error: logStandardError,
          rao_kupper_worth: raoKupperWorth,
        }),
      ),
      tie: strengths.fit ? { value: strengths.fit.tie } : { value: null, words: inEnglish(strengths.reason!) },
    },
  };
}
