/** Length-exponent options of the commands that score. */
import { defaultLengthExponents, type LengthExponents } from '../infer/score-records';
import { numberOf } from './command-line';
import { settingsHelp } from './train-options';

export const lengthExponentOptions = {
  'lambda-human': { type: 'string' },
  'lambda-model': { type: 'string' },
} as const;

export const lengthExponentHelp = settingsHelp(['lambdaHuman', 'lambdaModel'], 28);

export function readLengthExponents(values: { 'lambda-human'?: string; 'lambda-model'?: string }): LengthExponents {
  return {
    human: numberOf(values['lambda-human'], '--lambda-human') ?? defaultLengthExponents.human,
    model: numberOf(values['lambda-model'], '--lambda-model') ?? defaultLengthExponents.model,
  };
}
