import type { TrainConfig } from '@/trainer/contract/train-config';

/** What a run trained. It is not translated, since it becomes part of stored names. */
export const methodName = ({ loraRank }: Pick<TrainConfig, 'loraRank'>): string =>
  loraRank === undefined ? 'full' : `LoRA r${loraRank}`;

/**
 * "Demo model · LoRA r8 · run 3 · alpha 0.1": a name that distinguishes a trained model, and the responses that it
 * writes, from others. `start`: the model at the start of the chain of runs; `from`: the previous run of the chain, if
 * there is one.
 */
export function trainedModelName(
  start: string,
  { number, config, from }: { number: number; config: Pick<TrainConfig, 'alpha' | 'loraRank'>; from: number | null },
): string {
  const parts = [start, methodName(config), `run ${number}`, `alpha ${config.alpha}`];
  return [...parts, ...(from === null ? [] : [`from run ${from}`])].join(' · ');
}
