/**
 * Forecasts the memory of a training before any weights are loaded, from the model's config and the tokenized prompts.
 * train.ts decides by the same numbers, with the memory that is actually free.
 */

import { OutOfMemoryError } from '../backends/backend';
import type { DeviceSurvey } from '../backends/survey-device';
import { either, type Message, message } from '../contract/message';
import type { SnapshotRecord } from '../contract/record';
import type { MemoryEstimate } from '../contract/run-event';
import type { TrainConfig } from '../contract/train-config';
import type { EncodedPrompt } from '../data/encoded-prompt';
import { largestBlock } from '../data/pack';
import { defaultMaxRows, encodeRecords } from '../infer/score-records';
import { adapterShapes } from '../model/adapter-modules';
import { type ModelConfig, parseModelConfig } from '../model/config';
import type { ModelFiles } from '../model/model';
import { elementCount, parameterShapes, type Shapes } from '../model/parameters';
import { workspaceBytes } from '../model/workspace';
import { loadTokenizer } from '../tokenizer/load-tokenizer';
import { planBlocks } from './block-plan';
import { splitPrompts } from './data-checks';
import { estimateMemory, halfWeightBytes, MEMORY_CHOICES, mebibytes, memoryParts } from './memory';
import { adapterConfigOf, usesMixedPrecision } from './train-config';

/** The input of a forecast. */
export interface ForecastInput {
  readonly model: ModelConfig;
  readonly prompts: readonly EncodedPrompt[];
  /** The weights' files are of a 16-bit type, and no adapter is merged into them. */
  readonly halfWeights: boolean;
}

export type DeviceMemory = Pick<DeviceSurvey, 'kind' | 'prefersHalf' | 'bytesLimit' | 'bufferLimit'>;

/** A change of settings that would make the training fit. */
export type Remedy =
  | { readonly kind: 'adapter'; readonly bytes: number }
  | { readonly kind: 'batch-size'; readonly batchSize: number; readonly bytes: number }
  | { readonly kind: 'max-length'; readonly maxLength: number; readonly bytes: number };

export interface TrainingForecast {
  /** Peak bytes, in a training step or in scoring before and after. */
  readonly peak: number;
  readonly estimate: MemoryEstimate;
  /** Whether activations have to be computed twice to fit. */
  readonly recompute: boolean;
  readonly trainedParameters: number;
  /** Tokens of the largest block of a training step. */
  readonly blockTokens: number;
  /** Bytes that the device has. */
  readonly limit: number;
  readonly fits: boolean;
  /** If it does not fit: changes each of which would suffice. Empty: only a smaller model or another device would. */
  readonly remedies: readonly Remedy[];
}

/**
 * `weightBytes`: size of the weights' files, null where unknown. Throws ModelConfigError, TokenizerError,
 * PromptTooLongError.
 */
export function readForecastInput(
  files: Omit<ModelFiles, 'weights'>,
  records: readonly SnapshotRecord[],
  { lambdaHuman, lambdaModel, maxLength }: Pick<TrainConfig, 'lambdaHuman' | 'lambdaModel' | 'maxLength'>,
  weightBytes: number | null = null,
): ForecastInput {
  const model = parseModelConfig(files.config);
  const tokenizer = files.tokenizer == null ? null : loadTokenizer(files.tokenizer, files.tokenizerConfig, files);
  const lengthExponents = { human: lambdaHuman, model: lambdaModel };
  const prompts = encodeRecords({ config: model, tokenizer }, records, { lengthExponents, maxLength });
  const halfWeights = weightBytes !== null && weightBytes < 2.5 * totalElements(parameterShapes(model));
  return { model, prompts, halfWeights };
}

/** Throws TrainingDataError where there is nothing to train on. */
export function forecastTraining(input: ForecastInput, config: TrainConfig, device: DeviceMemory): TrainingForecast {
  const forecast = measure(input, config, device);
  return { ...forecast, remedies: forecast.fits ? [] : findRemedies(input, config, device) };
}

function measure(
  { model, prompts, halfWeights }: ForecastInput,
  config: TrainConfig,
  { kind, prefersHalf, bytesLimit, bufferLimit }: DeviceMemory,
): Omit<TrainingForecast, 'remedies'> {
  const adapter = adapterConfigOf(config);
  const mixed = usesMixedPrecision(config, model, { takesHalf: kind === 'webgpu', prefersHalf });
  const { need } = planBlocks(splitPrompts(prompts, config), config, defaultMaxRows(model, mixed));
  const scoring = largestBlock(prompts, {
    packing: config.packing,
    maxPrompts: Number.POSITIVE_INFINITY,
    maxRows: defaultMaxRows(model),
  });
  const half = halfWeights && adapter !== null && kind === 'webgpu';
  const frozenBytes = half ? halfWeightBytes(model) : undefined;
  // Scoring before and after training, without the copies of mixed precision.
  const { weights } = estimateMemory(model, adapter, need, { frozenBytes });
  const scored = weights + workspaceBytes(model, { ...scoring, backward: false }, adapter);
  const plans = MEMORY_CHOICES.map((choice) => {
    const estimate = estimateMemory(model, adapter, { ...need, ...choice }, { frozenBytes, mixed });
    return { estimate, recompute: choice.recompute, peak: Math.max(estimate.total, scored) };
  });
  const chosen = plans.find(({ peak }) => peak <= bytesLimit) ?? plans.at(-1)!;
  const shapes = [parameterShapes(model), ...(adapter ? [adapterShapes(model, adapter)] : [])];
  const widest = Math.max(model.dim, model.heads * model.headDim, model.hiddenDim);
  const activations = Math.max(need.rows, scoring.rows) * widest;
  const largest = 4 * shapes.map(largestTensor).reduce((most, count) => Math.max(most, count), activations);
  return {
    ...chosen,
    trainedParameters: totalElements(shapes.at(-1)!),
    blockTokens: need.rows,
    limit: bytesLimit,
    fits: chosen.peak <= bytesLimit && largest <= bufferLimit,
  };
}

/** Tries each change alone, on the real prompts. */
function findRemedies(input: ForecastInput, config: TrainConfig, device: DeviceMemory): Remedy[] {
  const { prompts } = input;
  const remedies: Remedy[] = [];
  const fitting = (changed: ForecastInput, change: Partial<TrainConfig>) => {
    const { fits, peak } = measure(changed, { ...config, ...change }, device);
    return fits ? peak : null;
  };
  if (config.loraRank === undefined) {
    const bytes = fitting(input, { loraRank: 8 });
    if (bytes !== null) remedies.push({ kind: 'adapter', bytes });
  }
  for (let batchSize = config.batchSize >> 1; batchSize >= 1; batchSize >>= 1) {
    const bytes = fitting(input, { batchSize });
    if (bytes === null) continue;
    remedies.push({ kind: 'batch-size', batchSize, bytes });
    break;
  }
  const longest = prompts.reduce((most, prompt) => Math.max(most, longestSequence(prompt)), 0);
  for (let maxLength = 2 ** Math.floor(Math.log2(longest - 1)); maxLength >= 32; maxLength /= 2) {
    const bytes = fitting({ ...input, prompts: prompts.map((prompt) => shortened(prompt, maxLength)) }, {});
    if (bytes === null) continue;
    remedies.push({ kind: 'max-length', maxLength, bytes });
    break;
  }
  return remedies;
}

const longestSequence = ({ promptIds, responses }: EncodedPrompt): number =>
  promptIds.length + responses.reduce((most, { ids }) => Math.max(most, ids.length), 0);

/** The prompt as encoding with this maxLength would roughly give it: only lengths matter here. */
function shortened(prompt: EncodedPrompt, maxLength: number): EncodedPrompt {
  const excess = Math.max(0, longestSequence(prompt) - maxLength);
  const cut = Math.min(excess, Math.max(0, prompt.promptIds.length - 1));
  const left = prompt.promptIds.length - cut;
  return {
    ...prompt,
    promptIds: prompt.promptIds.slice(cut),
    responses: prompt.responses.map((response) => ({ ...response, ids: response.ids.slice(0, maxLength - left) })),
  };
}

function largestTensor(shapes: Shapes): number {
  return [...shapes.values()].reduce((most, shape) => Math.max(most, elementCount(shape)), 0);
}

function totalElements(shapes: Shapes): number {
  return [...shapes.values()].reduce((sum, shape) => sum + elementCount(shape), 0);
}

/** Throws OutOfMemoryError, with the numbers and the remedies, where the forecast does not fit. */
export function checkTrainingFits(forecast: TrainingForecast): void {
  if (forecast.fits) return;
  const { peak, limit, estimate, remedies } = forecast;
  throw new OutOfMemoryError(
    message('trainingTooLarge', {
      needed: mebibytes(peak),
      parts: memoryParts(estimate),
      limit: mebibytes(limit),
      help: remedies.length > 0 ? either(remedies.map(remedyInWords)) : message('takeSmallerModel'),
    }),
  );
}

/** For example "train a LoRA adapter (612.0 MiB)". */
function remedyInWords(remedy: Remedy): Message {
  const bytes = mebibytes(remedy.bytes);
  switch (remedy.kind) {
    case 'adapter':
      return message('adapterWould', { bytes });
    case 'batch-size':
      return message('batchSizeWould', { batchSize: remedy.batchSize, bytes });
    case 'max-length':
      return message('maxLengthWould', { maxLength: remedy.maxLength, bytes });
  }
}
