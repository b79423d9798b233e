/** Pairwise ranking accuracy said so that nobody reads more into it than was measured. Pure. */
import type { Accuracy } from '@/lib/schemas/run';

/** "61.2 %", with a no-break space. */
export function percent(share: number): string {
  return `${(share * 100).toFixed(1)}\u00a0%`;
}

/** "[55.0, 67.1]" in percent. */
export function intervalText(interval: readonly [number, number]): string {
  return `[${(interval[0] * 100).toFixed(1)}, ${(interval[1] * 100).toFixed(1)}]`;
}

/** "412 pairs in 12 held-out prompts". `which` names the prompts: "held-out" or "training". */
export function basisText({ pairs, prompts }: Accuracy, which: string): string {
  return `${count(pairs, 'pair')} in ${count(prompts, `${which} prompt`)}`;
}

/** "61.2 % [55.0, 67.1] of 412 pairs in 12 held-out prompts", or why there is no such number. */
export function accuracyInWords(accuracy: Accuracy | null, which: string): string {
  if (accuracy === null) return 'Not measured.';
  if (accuracy.accuracy === null) return `Undefined: the ${which} prompts hold no pairs to rank.`;
  const basis = basisText(accuracy, which);
  if (accuracy.interval === null) {
    return `${percent(accuracy.accuracy)} of ${basis}. No interval: ${count(accuracy.prompts, 'prompt')} cannot show how much it would vary.`;
  }
  return `${percent(accuracy.accuracy)} ${intervalText(accuracy.interval)} of ${basis}`;
}

export interface Verdict {
  /** 'clear' only where the intervals do not overlap. */
  readonly kind: 'clear' | 'unclear' | 'undefined';
  readonly sentence: string;
}

/** What the two numbers together allow to say. */
export function compareAccuracies(before: Accuracy | null, after: Accuracy | null, which: string): Verdict {
  if (before === null || after === null) {
    return { kind: 'undefined', sentence: 'Accuracy was not measured both before and after training.' };
  }
  if (before.accuracy === null || after.accuracy === null) {
    return {
      kind: 'undefined',
      sentence: `The ${which} prompts hold no pairs, so this run cannot say whether ranking improved. Hold out more prompts, or annotate more of them.`,
    };
  }
  const points = (after.accuracy - before.accuracy) * 100;
  if (Math.abs(points) < 0.05) return { kind: 'unclear', sentence: 'Ranking accuracy did not change.' };
  const change = `Ranking accuracy ${points > 0 ? 'rose' : 'fell'} by ${Math.abs(points).toFixed(1)} points`;
  if (before.interval === null || after.interval === null) {
    return {
      kind: 'unclear',
      sentence: `${change}, measured on too few prompts for an interval: take it as an anecdote.`,
    };
  }
  const apart = before.interval[1] < after.interval[0] || after.interval[1] < before.interval[0];
  if (apart) return { kind: 'clear', sentence: `${change}, and the intervals do not overlap.` };
  return {
    kind: 'unclear',
    sentence: `${change}, but the intervals overlap: with ${count(after.prompts, `${which} prompt`)} this may be chance.`,
  };
}

/** Why accuracy is high before any training, where the settings alone favour one side; null where they do not. */
export function exponentNote({
  lambdaHuman,
  lambdaModel,
}: {
  lambdaHuman: number;
  lambdaModel: number;
}): string | null {
  if (lambdaHuman === lambdaModel) return null;
  const favoured = lambdaHuman > lambdaModel ? 'human' : 'models’';
  return `The length exponents differ (${lambdaHuman} for human, ${lambdaModel} for models’ responses): that alone lifts ${favoured} responses, before any training.`;
}

function count(value: number, what: string): string {
  return `${value.toLocaleString('en')} ${what}${value === 1 ? '' : 's'}`;
}
