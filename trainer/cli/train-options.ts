/** The training config from a file and from options: an option wins over the file, the file over the default. */
import { parseTrainConfig, type TrainConfig, TrainConfigError, trainConfigSchema } from '../train/train-config';
import { CommandError, numberOf, readJson } from './command-line';

type ConfigKey = keyof TrainConfig;
const keys = Object.keys(trainConfigSchema.shape) as ConfigKey[];
const textKeys: ReadonlySet<ConfigKey> = new Set(['reduction', 'packing', 'precision', 'loraTargets']);

/** learningRate -> learning-rate */
const optionOf = (key: string) => key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

export const trainConfigOptions: Readonly<Record<string, { type: 'string' }>> = Object.fromEntries(
  keys.map((key) => [optionOf(key), { type: 'string' }]),
);

/** `files` in rising priority; an absent path is skipped. Throws CommandError. */
export async function readTrainConfig(
  values: Readonly<Record<string, unknown>>,
  files: readonly (string | undefined)[],
): Promise<TrainConfig> {
  const input: Record<string, unknown> = {};
  for (const file of files) if (file !== undefined) Object.assign(input, await readConfigFile(file));
  for (const key of keys) {
    const value = values[optionOf(key)] as string | undefined;
    if (value !== undefined) input[key] = textKeys.has(key) ? value : numberOf(value, `--${optionOf(key)}`);
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
  const unknown = Object.keys(json).find((key) => !(keys as readonly string[]).includes(key));
  if (unknown !== undefined) throw new CommandError(`${file}: "${unknown}" is not one of ${keys.join(', ')}`);
  return json as Record<string, unknown>;
}
