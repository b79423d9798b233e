/** What training refuses to start on, in words that name the prompt. */
import type { EncodedPrompt } from '../data/encoded-prompt';
import { hashString } from '../data/hash-string';
import type { ModelConfig } from '../model/config';
import type { Model } from '../model/model';
import { hashArrays } from '../model/parameters';
import { chooseHeldOut } from './held-out';
import type { TrainConfig } from './train-config';

/** Data that cannot be trained on. */
export class TrainingDataError extends Error {
  override readonly name = 'TrainingDataError';
}

/** Every prompt fits the context with each of its responses, and every token has an embedding. */
export function checkPromptsFit(prompts: readonly EncodedPrompt[], config: ModelConfig): void {
  for (const { id, promptIds, responses } of prompts) {
    const longest = responses.reduce((max, response) => Math.max(max, response.ids.length), 0);
    if (promptIds.length + longest > config.maxPositions) {
      throw new TrainingDataError(
        `prompt "${id}" has ${promptIds.length} tokens and its longest response ${longest}: ` +
          `more than the model's context of ${config.maxPositions}`,
      );
    }
    for (const ids of [promptIds, ...responses.map((response) => response.ids)]) {
      const bad = ids.find((token) => token < 0 || token >= config.vocabSize);
      if (bad !== undefined) {
        throw new TrainingDataError(
          `prompt "${id}" holds token ${bad}, the model's vocabulary ends at ${config.vocabSize - 1}`,
        );
      }
    }
  }
}

/** A hash of the tokens and orders of the data: equal data in equal order give equal hashes. */
export function hashPrompts(prompts: readonly EncodedPrompt[]): string {
  let hash = 0;
  for (const p of prompts) hash = hashString(JSON.stringify(p), hash);
  return `${prompts.length}:${hash.toString(16)}`;
}

/** A hash of the weights that an adapter belongs to. */
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
  /** In words: what is left out, and why. */
  readonly notes: readonly string[];
}

/**
 * Splits off the held-out prompts and leaves out what cannot teach anything: a prompt without a target, and without
 * pairs that count (none at alpha 0). Throws TrainingDataError when nothing is left to learn from.
 */
export function splitPrompts(
  prompts: readonly EncodedPrompt[],
  { alpha, heldOutFraction, seed }: Pick<TrainConfig, 'alpha' | 'heldOutFraction' | 'seed'>,
  heldOutIds?: Iterable<string>,
): PromptSplit {
  if (prompts.length === 0) throw new TrainingDataError('there is nothing to train on: the snapshot has no prompts');
  const chosen = heldOutIds
    ? new Set(heldOutIds)
    : chooseHeldOut(
        prompts.map(({ id }) => id),
        heldOutFraction,
        seed,
      );
  const heldOut = prompts.filter(({ id }) => chosen.has(id));
  const rest = prompts.filter(({ id }) => !chosen.has(id));
  if (rest.length === 0) throw new TrainingDataError('there is nothing to train on: every prompt is held out');
  if (alpha > 0 && rest.every(({ pairs }) => pairs.length === 0)) {
    throw new TrainingDataError(
      'the training prompts have no pairs to rank: judge more responses, choose another strategy, ' +
        'or set alpha to 0 to train on the targets alone',
    );
  }
  const training = rest.filter(({ target, pairs }) => target !== null || (alpha > 0 && pairs.length > 0));
  if (training.length === 0) {
    throw new TrainingDataError('there is nothing to train on: no training prompt has a target, and alpha is 0');
  }
  const notes: string[] = [];
  const dropped = rest.length - training.length;
  if (dropped > 0) {
    notes.push(`${dropped} of ${rest.length} training prompts are left out: they have neither a target nor pairs`);
  }
  if (heldOut.length > 0 && heldOut.every(({ pairs }) => pairs.length === 0)) {
    notes.push('the held-out prompts have no pairs, so their ranking accuracy is undefined');
  }
  return { training, heldOut, heldOutIds: heldOut.map(({ id }) => id), notes };
}
