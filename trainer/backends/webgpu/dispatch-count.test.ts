/** How many dispatches a training step takes: each costs a fast GPU and its recorder as much as a small product. */
import { describe, expect, it, vi } from 'vitest';
import { asPrompts, MODELS, makeStepProblem } from '../../bench/step-problem';
import { packPrompts } from '../../data/pack';
import { backward, forward } from '../../model/llama';
import { createModel } from '../../model/model';
import { Optimizer } from '../../train/optimizer';
import { prepareModel } from '../../train/train';
import { parseTrainConfig } from '../../train/train-config';
import { testingDevice } from './testing-device';
import { createWebGpuBackend } from './webgpu-backend';

vi.setConfig({ testTimeout: 240_000 });
const { device, why } = await testingDevice();
if (!device) console.warn(`\nSKIPPED: dispatches of a step, because ${why}\n`);

/** As many layers, shared heads and slices of the vocabulary as a 135M model, but narrow: dispatches are the same. */
const narrow = { ...MODELS['135M']!, dim: 16, hiddenDim: 16, heads: 2, kvHeads: 1, headDim: 8 };

/** Of a step at 4 x 512 tokens, of which only the kernels are compiled: an emulated GPU would compute for minutes. */
async function dispatchesOfStep(loraRank?: number): Promise<number> {
  const backend = await createWebGpuBackend({ device: device! });
  const problem = makeStepProblem(narrow, 4, 512);
  const base = createModel({ ...problem, backend });
  const model = prepareModel(base, parseTrainConfig({ loraRank }));
  const optimizer = new Optimizer(model, { weightDecay: 0, clipNorm: 0, beta1: 0.9, beta2: 0.99, epsilon: 1e-8 });
  const block = packPrompts(asPrompts(problem), { packing: 'naive' });
  const before = backend.dispatches;
  await backend.prepare!(() => {
    forward(model, block, { keep: true });
    backward(model, block, new Float32Array(block.targets.length), optimizer.gradients);
  });
  await optimizer.step(0);
  const dispatches = backend.dispatches - before;
  optimizer.dispose();
  model.dispose();
  backend.dispose();
  return dispatches;
}

describe.skipIf(!device)('a step of 135M at 4 x 512 tokens', () => {
  it('of the whole model takes at most 1,300 dispatches', async () => {
    expect(await dispatchesOfStep()).toBeLessThanOrEqual(1300);
  });

  it('of an adapter of rank 16 takes at most 3,000', async () => {
    expect(await dispatchesOfStep(16)).toBeLessThanOrEqual(3000);
  });
});
