/** Measures how often a model scores the better response of a pair above the worse. */
import type { Accuracy } from '../contract/run-event';
import { type BootstrapOptions, bootstrapInterval, describeInterval, percent } from './bootstrap';
import type { ResponseScore } from './score-records';

/** The part of a snapshot record that accuracy needs. */
export interface JudgedRecord {
  readonly id: string;
  readonly pairs: readonly { readonly chosen: string; readonly rejected: string }[];
}

/** A pair whose response has no score. */
export class MissingScoreError extends Error {
  override readonly name = 'MissingScoreError';
}

/**
 * Equal scores count one half. The bootstrap draws whole prompts, because pairs of one prompt are not independent.
 * Throws MissingScoreError when a pair's response was not scored.
 */
export function pairwiseAccuracy(
  records: readonly JudgedRecord[],
  scores: readonly ResponseScore[],
  options: BootstrapOptions = {},
): Accuracy {
  const byPrompt = new Map<string, Map<string, number>>();
  for (const { promptId, responseId, score } of scores) {
    const own = byPrompt.get(promptId) ?? new Map<string, number>();
    byPrompt.set(promptId, own.set(responseId, score));
  }
  const tallies = records
    .filter(({ pairs }) => pairs.length > 0)
    .map(({ id, pairs }) => {
      const scoreOf = (responseId: string): number => {
        const score = byPrompt.get(id)?.get(responseId);
        if (score === undefined) throw new MissingScoreError(`response "${responseId}" of prompt "${id}" has no score`);
        return score;
      };
      return {
        right: pairs.reduce((sum, p) => sum + agreement(scoreOf(p.chosen), scoreOf(p.rejected)), 0),
        of: pairs.length,
      };
    });
  const pairs = tallies.reduce((sum, { of }) => sum + of, 0);
  if (pairs === 0) return { accuracy: null, pairs: 0, prompts: 0, interval: null };
  return {
    accuracy: tallies.reduce((sum, { right }) => sum + right, 0) / pairs,
    pairs,
    prompts: tallies.length,
    interval: bootstrapInterval(tallies, options),
  };
}

function agreement(chosen: number, rejected: number): number {
  if (chosen === rejected) return 0.5;
  return chosen > rejected ? 1 : 0;
}

/**
 * A summary for people, e.g. "71.4 % of 28 pairs (95 % interval 55.0 % to 84.2 %)"; also where accuracy is undefined.
 */
export function describeAccuracy({ accuracy, pairs, interval }: Accuracy): string {
  if (accuracy === null) return 'undefined: there are no pairs to judge by';
  const range = interval === null ? 'no interval: all pairs come from one prompt' : describeInterval(interval);
  return `${percent(accuracy)} of ${pairs} ${pairs === 1 ? 'pair' : 'pairs'} (${range})`;
}
