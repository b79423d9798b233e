/** Measures how often the answers of a model end with the right label. */
import { answerLabel, sameLabel } from './answer-label';
import { type BootstrapOptions, bootstrapInterval, describeInterval, percent } from './bootstrap';

export interface LabelledAnswer {
  readonly text: string;
  /** The right label; an answer without one does not count. */
  readonly reference?: string;
}

export interface LabelAccuracy {
  /** right / prompts; null when no prompt has a reference label. */
  readonly accuracy: number | null;
  readonly right: number;
  /** Answers to prompts with a reference label. */
  readonly prompts: number;
  /** Answers without a label, out of those; they count as wrong. */
  readonly unparsable: number;
  /** 95 % percentile interval of a bootstrap over prompts; null with fewer than two prompts. */
  readonly interval: readonly [low: number, high: number] | null;
}

export interface LabelVerdict {
  readonly label: string | null;
  /** Null without a reference label. */
  readonly right: boolean | null;
}

export function judgeAnswer({ text, reference }: LabelledAnswer): LabelVerdict {
  const label = answerLabel(text);
  return { label, right: reference === undefined ? null : label !== null && sameLabel(label, reference) };
}

/** Accuracy over answers, one per prompt. */
export function labelAccuracy(answers: readonly LabelledAnswer[], options?: BootstrapOptions): LabelAccuracy {
  const verdicts = answers.map(judgeAnswer).filter(({ right }) => right !== null);
  const right = verdicts.filter((verdict) => verdict.right).length;
  const prompts = verdicts.length;
  const tallies = verdicts.map((verdict) => ({ right: verdict.right ? 1 : 0, of: 1 }));
  return {
    accuracy: prompts === 0 ? null : right / prompts,
    right,
    prompts,
    unparsable: verdicts.filter(({ label }) => label === null).length,
    interval: bootstrapInterval(tallies, options),
  };
}

/** A summary for people, also where the accuracy is undefined. */
export function describeLabelAccuracy({ accuracy, prompts, unparsable, interval }: LabelAccuracy): string {
  if (accuracy === null) return 'undefined: no prompt has a reference label';
  const range = interval === null ? 'no interval: there is one prompt' : describeInterval(interval);
  const without = unparsable === 0 ? '' : `; ${unparsable} without a label, counted as wrong`;
  return `${percent(accuracy)} of ${prompts} ${prompts === 1 ? 'prompt' : 'prompts'} (${range})${without}`;
}
