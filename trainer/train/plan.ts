/**
 * Determines the prompts of each optimizer step from config, data and step number, so that a resumed run sees the same
 * ones.
 */
import type { TrainConfig } from '../contract/train-config';
import type { EncodedPrompt } from '../data/encoded-prompt';
import { epochOrder } from './epoch-order';

export interface PlannedStep {
  /** From 1, over all epochs. */
  readonly step: number;
  /** From 1. */
  readonly epoch: number;
  readonly lastOfEpoch: boolean;
  /** The step's whole batch, in order. */
  readonly prompts: readonly EncodedPrompt[];
}

export interface TrainPlan {
  readonly totalSteps: number;
  readonly stepsPerEpoch: number;
  at(step: number): PlannedStep;
}

export function planTraining(
  prompts: readonly EncodedPrompt[],
  { batchSize, accumulation, epochs, seed }: Pick<TrainConfig, 'batchSize' | 'accumulation' | 'epochs' | 'seed'>,
): TrainPlan {
  const perStep = batchSize * accumulation;
  const stepsPerEpoch = Math.ceil(prompts.length / perStep);
  let ordered: { epoch: number; prompts: readonly EncodedPrompt[] } | null = null;
  return {
    totalSteps: stepsPerEpoch * epochs,
    stepsPerEpoch,
    at(step) {
      const epoch = Math.floor((step - 1) / stepsPerEpoch);
      const within = (step - 1) % stepsPerEpoch;
      if (ordered?.epoch !== epoch) ordered = { epoch, prompts: epochOrder(prompts, seed, epoch) };
      return {
        step,
        epoch: epoch + 1,
        lastOfEpoch: within === stepsPerEpoch - 1,
        prompts: ordered.prompts.slice(within * perStep, (within + 1) * perStep),
      };
    },
  };
}
