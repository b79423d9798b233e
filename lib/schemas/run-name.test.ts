import { expect, it } from 'vitest';
import { trainConfigSchema } from '@/trainer/contract/train-config';
import { trainedModelName } from './run-name';

it('a trained model is named by its start, its method, its run and its settings', () => {
  const full = { number: 1, config: trainConfigSchema.parse({}), from: null };
  expect(trainedModelName('demo', full)).toBe('demo · full · run 1 · alpha 0.1');
  const adapter = { number: 3, config: trainConfigSchema.parse({ loraRank: 8, alpha: 0.25 }), from: 1 };
  expect(trainedModelName('demo', adapter)).toBe('demo · LoRA r8 · run 3 · alpha 0.25 · from run 1');
});
