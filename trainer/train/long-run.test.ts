import { describe, expect, it } from 'vitest';
import type { Backend, Tensor } from '../backends/backend';
import { createWasmBackend } from '../backends/wasm/wasm-backend';
import { testingDevice } from '../backends/webgpu/testing-device';
import { createWebGpuBackend } from '../backends/webgpu/webgpu-backend';
import { collectGarbage } from '../fixtures/collect-garbage';
import { repetitions } from '../fixtures/repetitions';
import { tinyPrompts } from '../fixtures/tiny-prompts';
import { parseModelConfig } from '../model/config';
import { createRandomModel } from '../model/model';
import { trainPrompts } from './train';
import { parseTrainConfig } from './train-config';

const STEPS = 500;
/** What is not seen on wasm is the GPU's buffers, and those are counted. */
const GPU_STEPS = repetitions(500, 100);
const PROMPTS = 10;
/** Prompts of different lengths: an epoch shows every size of a block. */
const prompts = tinyPrompts({ count: PROMPTS, longest: 6 });
const modelConfig = parseModelConfig({
  model_type: 'llama',
  vocab_size: 96,
  hidden_size: 16,
  intermediate_size: 32,
  num_hidden_layers: 1,
  num_attention_heads: 2,
  max_position_embeddings: 128,
  tie_word_embeddings: true,
});

interface Held {
  /** Tensors that were made and not freed. */
  readonly live: number;
  readonly bytesInUse: number;
  /** GPU buffers, or bytes of linear memory, ever taken. */
  readonly taken: number;
  /** Bytes of the JS heap, garbage collected. */
  readonly heap: number;
}

/** Counts the backend's tensors from here on. */
function countTensors(backend: Backend): () => number {
  let live = 0;
  const { alloc, allocInt, allocTogether, allocLike, free } = backend;
  const more = (make: (length: number) => Tensor) => (length: number) => {
    const tensor = make.call(backend, length);
    live++;
    return tensor;
  };
  const less = (tensor: Tensor) => {
    free.call(backend, tensor);
    live--;
  };
  const moreAtOnce =
    <A extends unknown[]>(make: (...args: A) => Tensor[]) =>
    (...args: A) => {
      const tensors = make.apply(backend, args);
      live += tensors.length;
      return tensors;
    };
  Object.assign(backend, { alloc: more(alloc), allocInt: more(allocInt), free: less });
  if (allocTogether && allocLike) {
    Object.assign(backend, { allocTogether: moreAtOnce(allocTogether), allocLike: moreAtOnce(allocLike) });
  }
  return () => live;
}

interface Run {
  readonly early: Held;
  readonly late: Held;
}

/** What is held after steps 2 and the last. `each` is called after every step. */
async function longRun(
  backend: Backend & { bytesReserved: number; buffersCreated?: number },
  steps: number,
  each?: (step: number) => void,
): Promise<Run> {
  const tensors = countTensors(backend);
  const model = createRandomModel(modelConfig, { backend, seed: 3 });
  const config = parseTrainConfig({ epochs: steps / PROMPTS, batchSize: 1, heldOutFraction: 0, learningRate: 1e-4 });
  const held = new Map<number, Held>();
  await trainPrompts({
    model,
    prompts,
    config,
    onMetric: ({ step }) => {
      each?.(step);
      if (![2, steps].includes(step)) return;
      collectGarbage();
      const taken = backend.buffersCreated ?? backend.bytesReserved;
      const { heapUsed } = process.memoryUsage();
      held.set(step, { live: tensors(), bytesInUse: backend.bytesInUse, taken, heap: heapUsed });
    },
  });
  model.dispose();
  expect(tensors()).toBe(0);
  backend.dispose();
  return { early: held.get(2)!, late: held.get(steps)! };
}

function expectFlat({ early, late }: Run): void {
  expect(late.live).toBe(early.live);
  expect(late.bytesInUse).toBe(early.bytesInUse);
  expect(late.taken).toBe(early.taken);
  expect(late.heap / early.heap).toBeLessThan(1.05);
}

describe(`${STEPS} steps hold as many buffers as 2 and no more than 5 % more JS heap`, () => {
  it('on wasm', async () => {
    const run = await longRun(await createWasmBackend(), STEPS);
    expect(run.early.live).toBeGreaterThan(50);
    expectFlat(run);
  });

  it('control: a tensor or 40 KB of JS leaked per step is detected', async () => {
    const backend = await createWasmBackend();
    const kept: unknown[] = [];
    const spill: Tensor[] = [];
    const { early, late } = await longRun(backend, STEPS, (step) => {
      kept.push(Array.from({ length: 5000 }, (_, i) => i + 0.5));
      spill.push(backend.alloc(64));
      // What is left at the end is freed, so that only the middle of the run is seen to leak.
      if (step === STEPS) queueMicrotask(() => spill.forEach((tensor) => void backend.free(tensor)));
    });
    expect(late.live - early.live).toBe(STEPS - 2);
    expect(late.bytesInUse).toBeGreaterThan(early.bytesInUse);
    expect(late.heap / early.heap).toBeGreaterThan(1.05);
    expect(kept).toHaveLength(STEPS);
  });
});

const { device, why } = await testingDevice();
if (!device) console.warn(`\nSKIPPED: ${GPU_STEPS} steps on WebGPU, because ${why}\n`);

describe.skipIf(!device)(`${GPU_STEPS} steps, webgpu backend`, () => {
  it('hold as many buffers as 2 and no more than 5 % more JS heap', { timeout: 300_000 }, async () => {
    expectFlat(await longRun(await createWebGpuBackend({ device: device! }), GPU_STEPS));
  });
});
