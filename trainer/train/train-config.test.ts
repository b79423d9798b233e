import { describe, expect, it } from 'vitest';
import { createWasmBackend } from '../backends/wasm/wasm-backend';
import { tinyGoldens } from '../fixtures/golden';
import { tinyPrompts } from '../fixtures/tiny-prompts';
import { prepareModel, trainPrompts } from './train';
import { parseTrainConfig } from './train-config';

describe('the learning rate that is taken where none is asked for', () => {
  it("is the whole model's, or ten times that for an adapter; one that is asked for stays", () => {
    expect(parseTrainConfig({}).learningRate).toBe(5e-4);
    expect(parseTrainConfig({ loraRank: 8 }).learningRate).toBe(5e-3);
    expect(parseTrainConfig({ loraRank: 8, learningRate: 1e-4 }).learningRate).toBe(1e-4);
  });

  it("moves an adapter about as far as the whole model, where the whole model's rate hardly would", async () => {
    /** How far the mean loss of an epoch falls from the first to the last. */
    const fall = async (input: object) => {
      const config = parseTrainConfig({ heldOutFraction: 0, epochs: 2, ...input });
      const backend = await createWasmBackend();
      const losses: number[] = [];
      await trainPrompts({
        model: prepareModel(await tinyGoldens.loadModel(backend), config),
        prompts: tinyPrompts({ count: 60 }),
        config,
        onMetric: ({ loss }) => loss !== null && losses.push(loss),
      });
      backend.dispose();
      const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
      return mean(losses.slice(0, 15)) - mean(losses.slice(-15));
    };
    const whole = await fall({});
    const adapter = await fall({ loraRank: 8 });
    const slow = await fall({ loraRank: 8, learningRate: 5e-4 });
    expect(adapter).toBeGreaterThan(0.9 * whole);
    expect(slow).toBeLessThan(0.6 * whole);
  });
});
