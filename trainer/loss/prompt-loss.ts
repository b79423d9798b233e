/**
 * The loss of one prompt from its responses' log-probabilities, and its derivative: no autodiff is needed because
 * both terms are piecewise linear in the token log-probabilities.
 *
 *   logp_i = sum of response i's token log-probabilities, EOS included
 *   s_i    = logp_i / len_i ^ lambda_i
 *   L_sft  = -logp_t / len_t                                    (0 without a target)
 *   L_rank = reduce over pairs of max(0, s_rejected - s_chosen + margin)
 *   L      = L_sft + alpha * L_rank
 */
import type { EncodedPrompt } from '../data/encoded-prompt';

export interface LossOptions {
  readonly alpha: number;
  readonly margin: number;
  /** Over a prompt's pairs: 'sum' as the published code does, or 'mean'. */
  readonly reduction: 'sum' | 'mean';
}

export interface PromptLoss {
  readonly sft: number;
  readonly rank: number;
  readonly loss: number;
  /** s_i and logp_i of each response. */
  readonly scores: readonly number[];
  readonly sequenceLogProbs: readonly number[];
  /** d loss / d logp_i: the coefficient of every token of response i. */
  readonly derivatives: readonly number[];
}

/** logp / len ^ lambda; `length` counts the response's tokens with EOS, never padding. */
export function lengthNormalisedScore(logProb: number, length: number, lengthExponent: number): number {
  return logProb / length ** lengthExponent;
}

/** sequenceLogProbs: logp_i for each response of the prompt, in order. */
export function promptLoss(
  prompt: EncodedPrompt,
  sequenceLogProbs: readonly number[],
  { alpha, margin, reduction }: LossOptions,
): PromptLoss {
  const { responses, pairs, target } = prompt;
  const scores = responses.map((r, i) => lengthNormalisedScore(sequenceLogProbs[i]!, r.ids.length, r.lengthExponent));
  const byScore = new Float64Array(responses.length);
  const weight = reduction === 'mean' ? 1 / Math.max(1, pairs.length) : 1;
  let rank = 0;
  for (const { chosen, rejected } of pairs) {
    const violation = scores[rejected]! - scores[chosen]! + margin;
    if (violation > 0) {
      rank += violation * weight;
      byScore[rejected]! += alpha * weight;
      byScore[chosen]! -= alpha * weight;
    } else if (Number.isNaN(violation)) {
      rank = Number.NaN;
    }
  }
  const derivatives = responses.map((r, i) => byScore[i]! / r.ids.length ** r.lengthExponent);
  let sft = 0;
  if (target !== null) {
    const length = responses[target]!.ids.length;
    sft = -sequenceLogProbs[target]! / length;
    derivatives[target]! -= 1 / length;
  }
  return { sft, rank, loss: sft + alpha * rank, scores, sequenceLogProbs, derivatives };
}
