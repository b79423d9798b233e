/** Sampling options of the commands that generate. */
import { CommandError, numberOf, wholeNumberOf } from './command-line';

const text = { type: 'string' } as const;

export const samplingOptions = { 'max-new-tokens': text, temperature: text, 'top-p': text, seed: text } as const;

export interface SamplingChoice {
  readonly maxTokens: number;
  readonly temperature: number;
  readonly topP: number;
  readonly seed: number;
}

/** Throws CommandError with exit code 2. */
export function readSampling(
  values: Partial<Record<keyof typeof samplingOptions, string>>,
  defaults: Omit<SamplingChoice, 'seed'>,
): SamplingChoice {
  const maxTokens = wholeNumberOf(values['max-new-tokens'], '--max-new-tokens') ?? defaults.maxTokens;
  const temperature = numberOf(values.temperature, '--temperature') ?? defaults.temperature;
  const topP = numberOf(values['top-p'], '--top-p') ?? defaults.topP;
  const seed = numberOf(values.seed, '--seed') ?? 0;
  if (temperature < 0) throw new CommandError(`--temperature is ${temperature}; it may be 0 or more`, 2);
  if (!(topP > 0 && topP <= 1)) throw new CommandError(`--top-p is ${topP}; it may be above 0 and at most 1`, 2);
  if (!Number.isInteger(seed)) throw new CommandError(`--seed is ${seed}; it may be a whole number`, 2);
  return { maxTokens, temperature, topP, seed };
}
