/** Length-normalised log-probabilities of responses under a model: what re-ranking sorts by. */

import { type Message, message } from '../contract/message';
import type { SnapshotRecord } from '../contract/record';
import { defaultTrainConfig } from '../contract/train-config';
import { encodeRecord } from '../data/encode-record';
import type { EncodedPrompt } from '../data/encoded-prompt';
import { type Packing, packPrompts, splitByBudget } from '../data/pack';
import { sequenceLogProbs } from '../loss/block-loss';
import { lengthNormalisedScore } from '../loss/prompt-loss';
import type { ModelConfig } from '../model/config';
import { forward } from '../model/llama';
import type { Model } from '../model/model';
import { activationBytesPerRow } from '../model/workspace';
import type { Tokenizer } from '../tokenizer/tokenizer';
import { createHostYield } from '../train/yield-to-host';
import { TrainerError } from '../trainer-error';

export interface ResponseScore {
  readonly promptId: string;
  readonly responseId: string;
  /** logp / length ^ lambda. */
  readonly score: number;
}

/** lambda of responses whose source is 'human', and of all others. */
export interface LengthExponents {
  readonly human: number;
  readonly model: number;
}

export const defaultLengthExponents: LengthExponents = {
  human: defaultTrainConfig.lambdaHuman,
  model: defaultTrainConfig.lambdaModel,
};

export interface ScoreOptions {
  readonly model: Model;
  readonly records: readonly SnapshotRecord[];
  readonly lengthExponents?: LengthExponents;
  readonly packing?: Packing;
  /**
   * Most tokens of a prompt with a response; longer ones are truncated. Absent: the context, and longer ones are
   * refused.
   */
  readonly maxLength?: number;
  /** Most rows of a block. */
  readonly maxRows?: number;
  /** Called with a note on each truncated prompt. */
  readonly onNote?: (note: Message) => void;
  /** Called with the number of prompts scored so far. */
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
  readonly signal?: AbortSignal;
}

/** The model has no tokenizer. */
export class NoTokenizerError extends TrainerError {
  override readonly name = 'NoTokenizerError';
}

export function tokenizerOf(model: Pick<Model, 'tokenizer'>): Tokenizer {
  if (!model.tokenizer) throw new NoTokenizerError(message('noTokenizer'));
  return model.tokenizer;
}

/** Encodes records for a model. Throws PromptTooLongError unless maxLength says where to cut. */
export function encodeRecords(
  model: Pick<Model, 'config' | 'tokenizer'>,
  records: readonly SnapshotRecord[],
  {
    lengthExponents,
    maxLength,
    onNote,
  }: { lengthExponents: LengthExponents; maxLength?: number; onNote?: (note: Message) => void },
): EncodedPrompt[] {
  const tokenizer = tokenizerOf(model);
  const context = model.config.maxPositions;
  for (const note of tokenizer.notes) onNote?.(note);
  return records.map((record) =>
    encodeRecord(record, tokenizer, {
      maxLength: Math.min(context, maxLength ?? context),
      lambdaHuman: lengthExponents.human,
      lambdaModel: lengthExponents.model,
      overlong: maxLength === undefined ? 'refuse' : 'truncate',
      onTruncate: onNote,
    }),
  );
}

const activationBudget = 2 ** 30;

/**
 * Rows of a block: enough to keep the device busy, but fewer where activations would exceed 1 GiB. `mixed`: of a training in
 * mixed precision, which halves most of them.
 */
export function defaultMaxRows(config: ModelConfig, mixed = false): number {
  return Math.min(2048, Math.max(256, Math.floor(activationBudget / activationBytesPerRow(config, mixed))));
}

/** Scores of encoded prompts, in their order. Throws the signal's reason when aborted. */
export async function scorePrompts(
  model: Model,
  prompts: readonly EncodedPrompt[],
  {
    packing = 'shared',
    maxRows = defaultMaxRows(model.config),
    onProgress,
    signal,
  }: Pick<ScoreOptions, 'packing' | 'maxRows' | 'onProgress' | 'signal'> = {},
): Promise<ResponseScore[]> {
  const scores: ResponseScore[] = [];
  const yieldToHost = createHostYield();
  let done = 0;
  for (const group of splitByBudget(prompts, { packing, maxRows, maxPrompts: Number.POSITIVE_INFINITY })) {
    signal?.throwIfAborted();
    const block = packPrompts(group, { packing });
    const { logProb } = forward(model, block, { keep: false });
    const sums = sequenceLogProbs(group, block, await model.backend.read(logProb, 0, block.targets.length));
    group.forEach(({ id, responses }, p) => {
      responses.forEach((response, r) => {
        const score = lengthNormalisedScore(sums[p]![r]!, response.ids.length, response.lengthExponent);
        scores.push({ promptId: id, responseId: response.id, score });
      });
    });
    done += group.length;
    onProgress?.({ done, total: prompts.length });
    await yieldToHost();
  }
  return scores;
}

/** Scores every response of every record. Throws NoTokenizerError, PromptTooLongError, the signal's reason. */
export async function scoreRecords(options: ScoreOptions): Promise<ResponseScore[]> {
  const { model, records, lengthExponents = defaultLengthExponents } = options;
  return scorePrompts(model, encodeRecords(model, records, { ...options, lengthExponents }), options);
}
