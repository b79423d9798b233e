/** The training config from a file and from options: an option wins over the file, the file over the default. */
import { isDeepStrictEqual } from 'node:util';
import { inEnglish } from '../contract/english';
import { listedIssues } from '../contract/issues';
import {
  defaultTrainConfig,
  settingInputs,
  storedTrainConfigSchema,
  type TrainConfig,
  type TrainConfigKey,
  trainConfigFields,
  trainConfigKeys,
} from '../contract/train-config';
import { parseTrainConfig, TrainConfigError } from '../train/train-config';
import { CommandError, numberOf, readJson } from './command-line';

/** learningRate -> learning-rate */
const optionOf = (key: TrainConfigKey) => key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

export const trainConfigOptions: Readonly<Record<string, { type: 'string' }>> = Object.fromEntries(
  trainConfigKeys.all.map((key) => [optionOf(key), { type: 'string' }]),
);

/** The settings of a file, overridden by options. Throws CommandError. */
async function readSettings(
  values: Readonly<Record<string, unknown>>,
  file: string | undefined,
): Promise<Record<string, unknown>> {
  const input = file === undefined ? {} : await readConfigFile(file);
  for (const key of trainConfigKeys.all) {
    const value = values[optionOf(key)] as string | undefined;
    if (value === undefined) continue;
    input[key] = settingInputs[key].kind === 'number' ? numberOf(value, `--${optionOf(key)}`) : value;
  }
  return input;
}

/** Throws CommandError. */
export async function readTrainConfig(
  values: Readonly<Record<string, unknown>>,
  file: string | undefined,
): Promise<TrainConfig> {
  return checked(await readSettings(values, file));
}

/**
 * The config of a resumed run. Options may repeat it; anything else makes it another config, which must obey the
 * current limits. Throws CommandError.
 */
export async function readConfigToResume(
  stored: string,
  values: Readonly<Record<string, unknown>>,
  file: string | undefined,
): Promise<TrainConfig> {
  const found = storedTrainConfigSchema.safeParse(await readJson(stored));
  if (!found.success) throw new CommandError(`${stored}: ${inEnglish(listedIssues(found.error))}`);
  const config = { ...found.data, ...(await readSettings(values, file)) };
  const same = isDeepStrictEqual(storedTrainConfigSchema.safeParse(config).data, found.data);
  return same ? found.data : checked(config);
}

function checked(input: Record<string, unknown>): TrainConfig {
  try {
    return parseTrainConfig(input);
  } catch (error) {
    if (error instanceof TrainConfigError) throw new CommandError(error.message, 2);
    throw error;
  }
}

async function readConfigFile(file: string): Promise<Record<string, unknown>> {
  const json = await readJson(file);
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new CommandError(`${file}: not an object of training options`);
  }
  const unknown = Object.keys(json).find((key) => !Object.hasOwn(trainConfigFields, key));
  if (unknown !== undefined) {
    throw new CommandError(`${file}: "${unknown}" is not one of ${trainConfigKeys.all.join(', ')}`);
  }
  return { ...json };
}

/** Column at which descriptions of options begin, and their widest line. */
const INDENT = 30;
const WIDTH = 118;

/** The help on settings, one paragraph each. */
export function settingsHelp(keys: readonly TrainConfigKey[], indent = INDENT): string {
  return keys.map((key) => paragraph(`  --${optionOf(key)} ${placeholder(key)}`, words(key), indent)).join('\n');
}

function placeholder(key: TrainConfigKey): string {
  const input = settingInputs[key];
  if (input.kind === 'choice') return input.choices.join('|');
  return input.kind === 'layers' ? 'A,B' : input.whole ? 'N' : 'X';
}

function words(key: TrainConfigKey): string {
  const about = trainConfigFields[key].description;
  // A setting without a fixed default describes it itself.
  const usual = trainConfigFields[key].type === 'default' ? ` (default ${defaultTrainConfig[key]})` : '';
  return `${about}${usual}`;
}

function paragraph(head: string, text: string, indent: number): string {
  const lines = [head.padEnd(indent)];
  let isNew = true;
  for (const word of text.split(' ')) {
    const last = lines.at(-1)!;
    if (!isNew && last.length + 1 + word.length > WIDTH) lines.push(`${' '.repeat(indent)}${word}`);
    else lines[lines.length - 1] = isNew ? `${last}${last.endsWith(' ') ? '' : ' '}${word}` : `${last} ${word}`;
    isNew = false;
  }
  return lines.join('\n');
}
