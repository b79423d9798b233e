/** Limits of the blocks of a training and its evaluation, and the size of the largest block. */
import type { TrainConfig } from '../contract/train-config';
import type { EncodedPrompt } from '../data/encoded-prompt';
import { largestBlock, type Packing } from '../data/pack';
import type { WorkspaceNeed } from '../model/workspace';

export interface BlockBudget {
  readonly packing: Packing;
  readonly maxPrompts: number;
  readonly maxRows: number;
}

export interface BlockPlan {
  readonly training: BlockBudget;
  readonly evaluation: BlockBudget;
  /** Bounds on every block of both. */
  readonly need: Pick<WorkspaceNeed, 'rows' | 'predictions' | 'positions'>;
}

export function planBlocks(
  { training, heldOut }: { readonly training: readonly EncodedPrompt[]; readonly heldOut: readonly EncodedPrompt[] },
  { packing, batchSize }: Pick<TrainConfig, 'packing' | 'batchSize'>,
  maxRows: number,
): BlockPlan {
  const budget = { packing, maxPrompts: batchSize, maxRows };
  const trained = largestBlock(training, budget);
  // Evaluation shares the buffers of training: a small batch must not make it slow, nor a large one raise its memory.
  const evaluation = {
    packing,
    maxPrompts: Number.POSITIVE_INFINITY,
    maxRows: Math.min(maxRows, Math.max(512, trained.rows)),
  };
  const evaluated = largestBlock(heldOut, evaluation);
  const need = {
    rows: Math.max(trained.rows, evaluated.rows),
    predictions: Math.max(trained.predictions, evaluated.predictions),
    positions: Math.max(trained.positions, evaluated.positions),
  };
  return { training: budget, evaluation, need };
}
