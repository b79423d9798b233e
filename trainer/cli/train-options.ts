/** The training config from a file and from options: an option wins over the file, the file over the default. */
import {
  defaultTrainConfig,
  settingForms,
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

/** `files` in rising priority; an absent path is skipped. Throws CommandError. */
export async function readTrainConfig(
  values: Readonly<Record<string, unknown>>,
  files: readonly (string | undefined)[],
): Promise<TrainConfig> {
  const input: Record<string, unknown> = {};
  for (const file of files) if (file !== undefined) Object.assign(input, await readConfigFile(file));
  for (const key of trainConfigKeys.all) {
    const value = values[optionOf(key)] as string | undefined;
    if (value === undefined) continue;
    input[key] = settingForms[key].kind === 'number' ? numberOf(value, `--${optionOf(key)}`) : value;
  }
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
  return json as Record<string, unknown>;
}

/** Where the words about an option begin, and how long its lines may get. */
const INDENT = 30;
const WIDTH = 118;

/** What `--help` says of settings, a paragraph each. */
export function settingsHelp(keys: readonly TrainConfigKey[], indent = INDENT): string {
  return keys.map((key) => paragraph(`  --${optionOf(key)} ${placeholder(key)}`, words(key), indent)).join('\n');
}

function placeholder(key: TrainConfigKey): string {
  const form = settingForms[key];
  if (form.kind === 'choice') return form.choices.join('|');
  return form.kind === 'layers' ? 'A,B' : form.whole ? 'N' : 'X';
}

function words(key: TrainConfigKey): string {
  const about = trainConfigFields[key].description;
  // A setting without a fixed default says itself what is taken.
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
