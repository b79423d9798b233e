/** Checks of the training data; refusals name the prompt. */

import { type Message, message } from '../contract/message';
import type { TrainConfig } from '../contract/train-config';
import type { EncodedPrompt } from '../data/encoded-prompt';
import { hashString } from '../data/hash-string';
import type { ModelConfig } from '../model/config';
import type { Model } from '../model/model';
import { hashArrays } from '../model/parameters';
import { TrainerError } from '../trainer-error';
import { chooseHeldOut } from './held-out';

/** Data that cannot be trained on. */
export class TrainingDataError extends TrainerError {
  override readonly name = 'TrainingDataError';
}

/**
 * Throws TrainingDataError unless every prompt fits the context with each of its responses and every token has an
 * embedding.
 */
export function checkPromptsFit(prompts: readonly EncodedPrompt[], config: ModelConfig): void {
  for (const { id, promptIds, responses } of prompts) {
    const longest = responses.reduce((max, response) => Math.max(max, response.ids.length), 0);
    if (promptIds.length + longest > config.maxPositions) {
      throw new TrainingDataError(
        message('promptBeyondContext', {
          prompt: id,
          tokens: promptIds.length,
          responseTokens: longest,
          context: config.maxPositions,
        }),
      );
    }
    for (const ids of [promptIds, ...responses.map((response) => response.ids)]) {
      const bad = ids.find((token) => token < 0 || token >= config.vocabSize);
      if (bad !== undefined) {
        throw new TrainingDataError(
          message('tokenBeyondVocabulary', { prompt: id, token: bad, last: config.vocabSize - 1 }),
        );
      }
    }
  }
}

/** A hash of tokens, pairs and targets: equal data in equal order give equal hashes. */
export function hashPrompts(prompts: readonly EncodedPrompt[]): string {
  let hash = 0;
  for (const p of prompts) hash = hashString(JSON.stringify(p), hash);
  return `${prompts.length}:${hash.toString(16)}`;
}

/** A hash of the frozen weights under an adapter. */
export async function hashWeights({ backend, parameters, frozenHash }: Model): Promise<string> {
  if (frozenHash !== null) return frozenHash;
  const arrays: [string, Float32Array][] = [];
  for (const [name, tensor] of parameters) arrays.push([name, await backend.read(tensor)]);
  return hashArrays(arrays);
}

export interface PromptSplit {
  readonly training: readonly EncodedPrompt[];
  readonly heldOut: readonly EncodedPrompt[];
  readonly heldOutIds: readonly string[];
  /** Prompts that are left out, and why. */
  readonly notes: readonly Message[];
}

/**
 * Splits off the held-out prompts and leaves out prompts that give no gradient: those without a target and without
 * pairs that count (none at alpha 0). Throws TrainingDataError when none is left.
 */
export function splitPrompts(
  prompts: readonly EncodedPrompt[],
  { alpha, heldOutFraction, seed }: Pick<TrainConfig, 'alpha' | 'heldOutFraction' | 'seed'>,
  heldOutIds?: Iterable<string>,
): PromptSplit {
  if (prompts.length === 0) throw new TrainingDataError(message('noPrompts'));
  const chosen = heldOutIds
    ? new Set(heldOutIds)
    : chooseHeldOut(
        prompts.map(({ id }) => id),
        heldOutFraction,
        seed,
      );
  const heldOut = prompts.filter(({ id }) => chosen.has(id));
  const rest = prompts.filter(({ id }) => !chosen.has(id));
  if (rest.length === 0) throw new TrainingDataError(message('allHeldOut'));
  if (alpha > 0 && rest.every(({ pairs }) => pairs.length === 0)) {
    throw new TrainingDataError(message('noPairs'));
  }
  const training = rest.filter(({ target, pairs }) => target !== null || (alpha > 0 && pairs.length > 0));
  if (training.length === 0) {
    throw new TrainingDataError(message('noTargets'));
  }
  const notes: Message[] = [];
  const dropped = rest.length - training.length;
  if (dropped > 0) {
    notes.push(message('leftOut', { count: dropped, total: rest.length }));
  }
  if (heldOut.length > 0 && heldOut.every(({ pairs }) => pairs.length === 0)) {
    notes.push(message('heldOutWithoutPairs'));
  }
  return { training, heldOut, heldOutIds: heldOut.map(({ id }) => id), notes };
}
