/** Derives from a training config: its adapter, and whether it uses mixed precision. */
import { inEnglish } from '../contract/english';
import { listedIssues } from '../contract/issues';
import { adapterSettings, parseAdapterLayers, type TrainConfig, trainConfigSchema } from '../contract/train-config';
import type { AdapterConfig } from '../model/adapter-config';
import type { ModelConfig } from '../model/config';
import { allowsMixedPrecision } from '../model/mixed-precision';

export class TrainConfigError extends Error {
  override readonly name = 'TrainConfigError';
}

/** Fills in defaults. Throws TrainConfigError naming the field. */
export function parseTrainConfig(input: unknown): TrainConfig {
  const parsed = trainConfigSchema.safeParse(input ?? {});
  if (!parsed.success) throw new TrainConfigError(`the training config: ${inEnglish(listedIssues(parsed.error))}`);
  return parsed.data;
}

/**
 * Whether a training uses mixed precision: on request or where the device prefers it, if model and backend support it.
 */
export function usesMixedPrecision(
  { precision }: TrainConfig,
  model: ModelConfig,
  { takesHalf, prefersHalf }: { readonly takesHalf: boolean; readonly prefersHalf: boolean },
): boolean {
  const wanted = precision === undefined ? prefersHalf : precision === 'mixed';
  return wanted && takesHalf && allowsMixedPrecision(model);
}

/** The adapter that a config trains; null: the whole model. `baseModel`: name or folder of the base, for people. */
export function adapterConfigOf(config: TrainConfig, baseModel: string | null = null): AdapterConfig | null {
  const settings = adapterSettings(config);
  if (settings === null) return null;
  return {
    rank: settings.loraRank,
    alpha: settings.loraAlpha,
    rankStabilized: false,
    targets: parseAdapterLayers(settings.loraTargets),
    dropout: settings.loraDropout,
    baseModel,
  };
}
