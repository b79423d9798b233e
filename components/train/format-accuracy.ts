/** Formats pairwise ranking accuracy with its interval and sample size. Pure. */
import type { Formats } from '@/components/ui/format';
import type { Translator } from '@/lib/i18n/translator';
import type { Accuracy } from '@/trainer/contract/run-event';

type T = Translator<'accuracy'>;
/** The prompts over which an accuracy was measured. */
export type PromptSet = 'held-out' | 'training';

/** "412 pairs in 12 held-out prompts". */
export function basisText({ pairs, prompts }: Accuracy, which: PromptSet, t: T): string {
  return t('basis', { pairs, prompts, which });
}

/** "61.2 % [55.0, 67.1] of 412 pairs in 12 held-out prompts", or why there is no such number. */
export function formatAccuracy(accuracy: Accuracy | null, which: PromptSet, t: T, formats: Formats): string {
  if (accuracy === null) return t('notMeasured');
  if (accuracy.accuracy === null) return t('undefined', { which });
  const percentage = formats.formatPercent(accuracy.accuracy, 1);
  const basis = basisText(accuracy, which, t);
  if (accuracy.interval === null) return t('noInterval', { percentage, basis, prompts: accuracy.prompts });
  return t('measured', { percentage: `${percentage} ${formats.formatInterval(accuracy.interval)}`, basis });
}

export interface AccuracyComparison {
  /** 'clear' only if the intervals do not overlap. */
  readonly kind: 'clear' | 'unclear' | 'undefined';
  readonly sentence: string;
}

/** The conclusion that the two numbers allow. */
export function compareAccuracies(
  before: Accuracy | null,
  after: Accuracy | null,
  which: PromptSet,
  t: T,
): AccuracyComparison {
  if (before === null || after === null) return { kind: 'undefined', sentence: t('notBoth') };
  if (before.accuracy === null || after.accuracy === null) {
    return { kind: 'undefined', sentence: t('noPairs', { which }) };
  }
  const points = (after.accuracy - before.accuracy) * 100;
  if (Math.abs(points) < 0.05) return { kind: 'unclear', sentence: t('noChange') };
  const change = t('change', { direction: points > 0 ? 'rose' : 'fell', points: Math.abs(points).toFixed(1) });
  if (before.interval === null || after.interval === null) {
    return { kind: 'unclear', sentence: t('anecdote', { change }) };
  }
  const apart = before.interval[1] < after.interval[0] || after.interval[1] < before.interval[0];
  if (apart) return { kind: 'clear', sentence: t('apart', { change }) };
  return { kind: 'unclear', sentence: t('overlap', { change, prompts: after.prompts, which }) };
}

/** Explains a high accuracy before any training if the settings alone favour one side; null otherwise. */
export function exponentNote(
  { lambdaHuman, lambdaModel }: { lambdaHuman: number; lambdaModel: number },
  t: T,
): string | null {
  if (lambdaHuman === lambdaModel) return null;
  const favoured = lambdaHuman > lambdaModel ? 'human' : 'models';
  return t('exponents', { human: String(lambdaHuman), models: String(lambdaModel), favoured });
}
