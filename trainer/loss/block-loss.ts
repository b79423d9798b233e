/** From a block's token log-probabilities to the losses of its prompts and a coefficient for every token. */
import type { EncodedPrompt } from '../data/encoded-prompt';
import type { PackedBlock } from '../data/pack';
import { type LossOptions, type PromptLoss, promptLoss } from './prompt-loss';

/** logp_i of every response of every prompt in the block; tokens are summed in float64, in order. */
export function sequenceLogProbs(
  prompts: readonly EncodedPrompt[],
  block: PackedBlock,
  logProbs: Float32Array,
): number[][] {
  const sums = prompts.map((prompt) => prompt.responses.map(() => 0));
  for (const { prompt, response, start, end } of block.spans) {
    if (response < 0) continue;
    let sum = 0;
    for (let i = start; i < end; i++) sum += logProbs[i]!;
    sums[prompt]![response] = sum;
  }
  return sums;
}

export interface BlockLoss {
  readonly losses: readonly PromptLoss[];
  /** d(scale * sum of losses) / d logProb[i], one for each prediction of the block. */
  readonly coefficients: Float32Array;
}

/**
 * `scale` is 1 / (prompts of the whole batch), so that micro-batches add up to the mean over the batch, whatever the
 * split.
 */
export function blockLoss(
  prompts: readonly EncodedPrompt[],
  block: PackedBlock,
  logProbs: Float32Array,
  options: LossOptions,
  scale: number,
): BlockLoss {
  const sums = sequenceLogProbs(prompts, block, logProbs);
  const losses = prompts.map((prompt, p) => promptLoss(prompt, sums[p]!, options));
  const coefficients = new Float32Array(block.targets.length);
  for (const { prompt, response, start, end } of block.spans) {
    if (response >= 0) coefficients.fill(losses[prompt]!.derivatives[response]! * scale, start, end);
  }
  return { losses, coefficients };
}
