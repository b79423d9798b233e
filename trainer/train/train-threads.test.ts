import { expect, it } from 'vitest';
import { createWasmBackend } from '../backends/wasm/wasm-backend';
import { tinyGoldens } from '../fixtures/golden';
import { tinyPrompts } from '../fixtures/tiny-prompts';
import { exportModel } from '../model/model';
import { type Checkpoint, parseCheckpoint, serializeCheckpoint } from './checkpoint';
import { trainPrompts } from './train';
import { parseTrainConfig } from './train-config';

const prompts = tinyPrompts({ count: 20 });
const config = parseTrainConfig({ epochs: 1, batchSize: 4, heldOutFraction: 0, learningRate: 1e-3 });

async function trained(
  threads: number,
  { resumeFrom, stopAfter }: { resumeFrom?: Checkpoint; stopAfter?: number } = {},
) {
  const backend = await createWasmBackend({ threads, shareFrom: 0 });
  const model = await tinyGoldens.loadModel(backend);
  const stop = new AbortController();
  const losses: (number | null)[] = [];
  const { checkpoint, steps } = await trainPrompts({
    model,
    prompts,
    config,
    resumeFrom,
    signal: stop.signal,
    onMetric: ({ step, loss }) => {
      losses.push(loss);
      if (step === stopAfter) stop.abort();
    },
  });
  const { weights } = await exportModel(model);
  backend.dispose();
  return { weights, checkpoint, steps, losses };
}

it('trains to the same bits on any number of threads, also when it goes on with another number', async () => {
  const alone = await trained(1);
  expect(alone.steps).toBe(5);
  const together = await trained(3);
  expect(together.losses).toEqual(alone.losses);
  expect(Buffer.compare(together.weights, alone.weights)).toBe(0);

  const first = await trained(2, { stopAfter: 2 });
  expect(first.steps).toBe(2);
  expect(Buffer.compare(first.weights, alone.weights)).not.toBe(0);
  const resumeFrom = parseCheckpoint(serializeCheckpoint(first.checkpoint));
  const second = await trained(3, { resumeFrom });
  expect(Buffer.compare(second.weights, alone.weights)).toBe(0);
});
