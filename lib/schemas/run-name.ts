import type { TrainConfig } from '@/trainer/contract/train-config';

/** What a run trained, in words that are the same in every language: they become part of stored names. */
export const methodName = ({ loraRank }: Pick<TrainConfig, 'loraRank'>): string =>
  loraRank === undefined ? 'full' : `LoRA r${loraRank}`;

/**
 * "Demo model · LoRA r8 · run 3 · alpha 0.1": what tells a trained model, and the responses that it writes, from those
 * of its siblings. `start`: the model at the beginning of it all; `from`: the run in between, where there was one.
 */
export function trainedModelName(
  start: string,
  { number, config, from }: { number: number; config: Pick<TrainConfig, 'alpha' | 'loraRank'>; from: number | null },
): string {
  const parts = [start, methodName(config), `run ${number}`, `alpha ${config.alpha}`];
  return [...parts, ...(from === null ? [] : [`from run ${from}`])].join(' · ');
}
