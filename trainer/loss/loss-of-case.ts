/** The loss and gradients of one hand-written case: what `rescue loss` prints and the goldens check. */
import * as z from 'zod';
import { inEnglish } from '../contract/english';
import { listedIssues } from '../contract/issues';
import type { EncodedPrompt } from '../data/encoded-prompt';
import { type Packing, packPrompts } from '../data/pack';
import { trainable } from '../model/adapter';
import { backward, forward } from '../model/llama';
import type { Model } from '../model/model';
import { allocateLike, freeAll, type NamedArrays, readAll } from '../model/parameters';
import { blockLoss } from './block-loss';

export class LossCaseError extends Error {
  override readonly name = 'LossCaseError';
}

const tokenIds = z.array(z.int().min(0)).min(1);

const lossCaseSchema = z.looseObject({
  name: z.string().default('case'),
  prompt_ids: tokenIds,
  responses: z
    .array(z.looseObject({ ids: tokenIds, tier: z.int().nullish(), length_exponent: z.number().default(1) }))
    .min(1),
  /** Index of the SFT target; null for none; absent: the first response of the best tier. */
  target: z.int().min(0).nullish(),
  alpha: z.number().min(0).default(0.1),
  margin: z.number().default(0),
  reduction: z.enum(['sum', 'mean']).default('sum'),
  /** [better, worse] as indices; absent: derived from the tiers. */
  pairs: z.array(z.tuple([z.int().min(0), z.int().min(0)])).optional(),
});

export type LossCase = z.infer<typeof lossCaseSchema>;

export interface CaseLoss {
  readonly sft_loss: number;
  readonly rank_loss: number;
  readonly loss: number;
  readonly score: readonly number[];
  readonly sequence_logprob: readonly number[];
  readonly token_logprobs: readonly (readonly number[])[];
  /** L2 norm over all trained parameters. */
  readonly grad_norm: number;
  /** Gradients under Hugging Face's tensor names, or PEFT's for an adapter. */
  gradients(): NamedArrays;
}

/** Checks a case file's content. Throws LossCaseError naming the field. */
export function parseLossCase(json: unknown): LossCase {
  const parsed = lossCaseSchema.safeParse(json);
  if (!parsed.success) throw new LossCaseError(`the case is malformed: ${inEnglish(listedIssues(parsed.error))}`);
  const { responses, pairs = [], target } = parsed.data;
  for (const index of [...pairs.flat(), target ?? 0]) {
    if (index >= responses.length) {
      throw new LossCaseError(`the case names response ${index}, but has only ${responses.length}`);
    }
  }
  return parsed.data;
}

function pairsFromTiers(responses: LossCase['responses']): [number, number][] {
  const pairs: [number, number][] = [];
  responses.forEach((better, i) => {
    responses.forEach((worse, j) => {
      if (better.tier != null && worse.tier != null && better.tier < worse.tier) pairs.push([i, j]);
    });
  });
  return pairs;
}

function bestTierFirst(responses: LossCase['responses']): number | null {
  const tiers = responses.flatMap(({ tier }) => (tier == null ? [] : [tier]));
  const best = tiers.reduce((least, tier) => Math.min(least, tier), Infinity);
  return tiers.length === 0 ? null : responses.findIndex(({ tier }) => tier === best);
}

export function encodeLossCase(lossCase: LossCase): EncodedPrompt {
  const pairs = lossCase.pairs ?? pairsFromTiers(lossCase.responses);
  return {
    id: lossCase.name,
    promptIds: lossCase.prompt_ids,
    responses: lossCase.responses.map((r, i) => ({ id: String(i), ids: r.ids, lengthExponent: r.length_exponent })),
    pairs: pairs.map(([chosen, rejected]) => ({ chosen, rejected })),
    target: lossCase.target === undefined ? bestTierFirst(lossCase.responses) : lossCase.target,
  };
}

export async function lossOfCase(
  model: Model,
  input: unknown,
  { packing = 'shared' }: { packing?: Packing } = {},
): Promise<CaseLoss> {
  const lossCase = parseLossCase(input);
  const prompts = [encodeLossCase(lossCase)];
  const block = packPrompts(prompts, { packing });
  let highest = 0;
  for (const ids of [block.ids, block.targets]) for (const id of ids) highest = Math.max(highest, id);
  if (highest >= model.config.vocabSize) {
    throw new LossCaseError(
      `the case holds token ${highest}, the model's vocabulary ends at ${model.config.vocabSize - 1}`,
    );
  }
  const { backend } = model;
  const { shapes, tensors } = trainable(model);
  const gradients = allocateLike(backend, tensors);
  try {
    const { logProb } = forward(model, block, { keep: true });
    const logProbs = await backend.read(logProb, 0, block.targets.length);
    const { losses, coefficients } = blockLoss(prompts, block, logProbs, lossCase, 1);
    backward(model, block, coefficients, gradients);
    const arrays = await readAll(backend, shapes, gradients);
    let squares = 0;
    for (const { data } of arrays.values()) for (const value of data) squares += value * value;
    const { sft, rank, loss, scores, sequenceLogProbs } = losses[0]!;
    return {
      sft_loss: sft,
      rank_loss: rank,
      loss,
      score: scores,
      sequence_logprob: sequenceLogProbs,
      token_logprobs: block.spans.map(({ start, end }) => Array.from(logProbs.subarray(start, end))),
      grad_norm: Math.sqrt(squares),
      gradients: () => arrays,
    };
  } finally {
    freeAll(backend, gradients);
  }
}
