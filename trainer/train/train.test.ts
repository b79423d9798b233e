import { describe, expect, it } from 'vitest';
import type { Backend } from '../backends/backend';
import { createReferenceBackend } from '../backends/reference/reference-backend';
import { createWasmBackend } from '../backends/wasm/wasm-backend';
import { inEnglish } from '../contract/english';
import { tinyGoldens } from '../fixtures/golden';
import { tinyPrompts } from '../fixtures/tiny-prompts';
import { exportAdapter } from '../model/adapter';
import { exportModel, type Model } from '../model/model';
import { parseCheckpoint, serializeCheckpoint } from './checkpoint';
import { prepareModel, type TrainMetric, type TrainPromptsOptions, trainPrompts } from './train';
import { parseTrainConfig } from './train-config';

const prompts = tinyPrompts({ count: 20 });
const config = parseTrainConfig({ epochs: 1, batchSize: 4, heldOutFraction: 0, learningRate: 1e-3 });

async function trained(options: Omit<TrainPromptsOptions, 'model'>, backend: Backend = createReferenceBackend()) {
  const model = await tinyGoldens.loadModel(backend);
  const metrics: TrainMetric[] = [];
  const onMetric = (metric: TrainMetric) => {
    metrics.push(metric);
    options.onMetric?.(metric);
  };
  const result = await trainPrompts({ ...options, model, onMetric });
  return { result, metrics, model, weights: (await exportModel(model)).weights };
}

function largestDifference(a: Model, b: Model): Promise<number> {
  return [...a.parameters.keys()].reduce(async (largest, name) => {
    const x = await a.backend.read(a.parameters.get(name)!);
    const y = await b.backend.read(b.parameters.get(name)!);
    return x.reduce((max, value, i) => Math.max(max, Math.abs(value - y[i]!)), await largest);
  }, Promise.resolve(0));
}

describe('train', () => {
  it('learns to rank unseen prompts, with one metric per step and flat memory', async () => {
    const backend = await createWasmBackend();
    const bytes: number[] = [];
    const { result, metrics } = await trained(
      {
        prompts: tinyPrompts({ count: 60 }),
        config: parseTrainConfig({ epochs: 4, learningRate: 3e-3, heldOutFraction: 0.25, alpha: 1 }),
        onMetric: () => bytes.push(backend.bytesInUse),
      },
      backend,
    );
    expect(result).toMatchObject({ status: 'finished', steps: 48, totalSteps: 48 });
    expect(result.heldOutIds).toHaveLength(15);
    const { before, after } = result.evaluation.heldOut;
    expect(after!.accuracy).toBeGreaterThan(0.85);
    expect(after!.accuracy).toBeGreaterThan(before!.accuracy! + 0.1);
    expect(metrics.map(({ step }) => step)).toEqual(Array.from({ length: 49 }, (_, i) => i));
    expect(metrics[0]).toMatchObject({ loss: null, heldOutAccuracy: before!.accuracy, epoch: 0 });
    expect(metrics.filter((m) => m.heldOutAccuracy !== null).map((m) => m.epoch)).toEqual([0, 1, 2, 3, 4]);
    expect(metrics.at(-1)!.heldOutAccuracy).toBe(after!.accuracy);
    for (const m of metrics.slice(1)) expect(m.loss).toBeCloseTo(m.sftLoss! + m.rankLoss!, 10);
    expect(metrics.at(-1)!.loss).toBeLessThan(metrics[1]!.loss!);
    expect(new Set(bytes).size).toBe(1);
  });

  it('batch 1 x 8 accumulation equals batch 8, and so does any split by the row budget', async () => {
    const whole = await trained({ prompts, config: { ...config, batchSize: 8 } });
    const accumulated = await trained({ prompts, config: { ...config, batchSize: 1, accumulation: 8 } });
    const split = await trained({ prompts, config: { ...config, batchSize: 8 }, maxRows: 60 });
    const naive = await trained({ prompts, config: { ...config, batchSize: 8, packing: 'naive' } });
    expect(whole.metrics).toHaveLength(3);
    const untrained = await tinyGoldens.loadModel(createReferenceBackend());
    expect(await largestDifference(whole.model, untrained)).toBeGreaterThan(1e-4);
    for (const other of [accumulated, split, naive]) {
      other.metrics.forEach((metric, i) => {
        expect(metric.loss).toBeCloseTo(whole.metrics[i]!.loss!, 6);
        expect(metric.gradNorm).toBeCloseTo(whole.metrics[i]!.gradNorm!, 5);
      });
      expect(await largestDifference(whole.model, other.model)).toBeLessThan(1e-6);
    }
  });

  it('resumes bit-exactly: 10 steps straight equal 5 and 5 resumed, byte for byte', async () => {
    const tenSteps = { ...config, epochs: 2 };
    const straight = await trained({ prompts, config: tenSteps }, await createWasmBackend());
    expect(straight.result.steps).toBe(10);
    const again = await trained({ prompts, config: tenSteps }, await createWasmBackend());
    expect(Buffer.compare(again.weights, straight.weights)).toBe(0);

    const stop = new AbortController();
    const first = await trained(
      { prompts, config: tenSteps, signal: stop.signal, onMetric: ({ step }) => step === 5 && stop.abort() },
      await createWasmBackend(),
    );
    expect(first.result).toMatchObject({ status: 'stopped', steps: 5 });
    expect(Buffer.compare(first.weights, straight.weights)).not.toBe(0);
    const resumeFrom = parseCheckpoint(serializeCheckpoint(first.result.checkpoint));
    const second = await trained({ prompts, config: tenSteps, resumeFrom }, await createWasmBackend());
    expect(second.metrics.map(({ step }) => step)).toEqual([6, 7, 8, 9, 10]);
    expect(Buffer.compare(second.weights, straight.weights)).toBe(0);
  });

  it('stopped before the evaluation at the end of an epoch, still reports the completed step', async () => {
    const stop = new AbortController();
    const backend = createReferenceBackend();
    // A step reads its scores, then its gradient's norm: with that the weights are as good as changed.
    let reads = Number.NEGATIVE_INFINITY;
    const read = backend.read.bind(backend);
    backend.read = (...what) => {
      if (++reads === 2) stop.abort();
      return read(...what);
    };
    const onMetric = ({ step, totalSteps }: TrainMetric) => {
      if (step === totalSteps / 2 - 1) reads = 0;
    };
    const held = { ...config, epochs: 2, heldOutFraction: 0.2 };
    const { metrics, result } = await trained({ prompts, config: held, signal: stop.signal, onMetric }, backend);
    expect(result).toMatchObject({ status: 'stopped', steps: result.totalSteps / 2 });
    expect(metrics.at(-1)).toMatchObject({ step: result.steps, loss: expect.any(Number), heldOutAccuracy: null });
  });

  it('resumes whatever the order of the settings in its config, which a file or a database may change', async () => {
    const stop = new AbortController();
    const onMetric = ({ step }: { step: number }) => step === 2 && stop.abort();
    const first = await trained({ prompts, config, signal: stop.signal, onMetric });
    const turned = Object.fromEntries(Object.entries(config).reverse()) as typeof config;
    const { checkpoint: resumeFrom } = first.result;
    expect((await trained({ prompts, config: turned, resumeFrom })).result.status).toBe('finished');
    const other = trained({ prompts, config: { ...turned, alpha: 0.2 }, resumeFrom });
    await expect(other).rejects.toThrow('a different config or different data');
  });

  it('resumes what an earlier version began, which kept the blanks between names of layers', async () => {
    const lora = parseTrainConfig({ ...config, loraRank: 2, loraTargets: 'q_proj,v_proj' });
    const run = async (options: Partial<TrainPromptsOptions>) => {
      const backend = createReferenceBackend();
      const model = prepareModel(await tinyGoldens.loadModel(backend), lora);
      return trainPrompts({ model, prompts, config: lora, ...options });
    };
    const stop = new AbortController();
    const { checkpoint } = await run({ signal: stop.signal, onMetric: ({ step }) => step === 2 && stop.abort() });
    const { state } = checkpoint;
    const fingerprint = state.fingerprint.replace('"q_proj,v_proj"', '"q_proj, v_proj"');
    expect(fingerprint).not.toBe(state.fingerprint);
    const older = { ...checkpoint, state: { ...state, fingerprint } };
    expect((await run({ resumeFrom: older })).status).toBe('finished');
    const other = { ...state, fingerprint: fingerprint.replace('v_proj', 'o_proj') };
    await expect(run({ resumeFrom: { ...checkpoint, state: other } })).rejects.toThrow('a different config');
  });

  it('an adapter resumes bit-exactly too, dropout and all, and leaves the model as it was', async () => {
    const lora = parseTrainConfig({ ...config, epochs: 2, loraRank: 2, loraDropout: 0.3, learningRate: 1e-2 });
    const run = async (options: Partial<TrainPromptsOptions> = {}) => {
      const base = await tinyGoldens.loadModel(await createWasmBackend());
      const model = prepareModel(base, lora);
      const losses: (number | null)[] = [];
      const onMetric = (metric: TrainMetric) => {
        losses.push(metric.loss);
        options.onMetric?.(metric);
      };
      const result = await trainPrompts({ prompts, config: lora, ...options, model, onMetric });
      return { result, losses, weights: (await exportAdapter(model)).weights, base };
    };
    const straight = await run();
    expect(straight.result.steps).toBe(10);
    expect(straight.losses.at(-1)).toBeLessThan(straight.losses[0]!);
    const untouched = await tinyGoldens.loadModel(createReferenceBackend());
    expect(await largestDifference(straight.base, untouched)).toBe(0);
    expect([...straight.result.checkpoint.weights.keys()].every((name) => name.includes('.lora_'))).toBe(true);

    const stop = new AbortController();
    const first = await run({ signal: stop.signal, onMetric: ({ step }) => step === 5 && stop.abort() });
    expect(first.result).toMatchObject({ status: 'stopped', steps: 5 });
    const resumeFrom = parseCheckpoint(serializeCheckpoint(first.result.checkpoint));
    const second = await run({ resumeFrom });
    expect(second.losses).toEqual(straight.losses.slice(5));
    expect(Buffer.compare(second.weights, straight.weights)).toBe(0);
  });

  it("refuses an adapter's checkpoint on another model, and a config that names an adapter the model lacks", async () => {
    const lora = parseTrainConfig({ ...config, loraRank: 2 });
    const model = prepareModel(await tinyGoldens.loadModel(createReferenceBackend()), lora);
    const { checkpoint: resumeFrom } = await trainPrompts({ model, prompts, config: lora });
    const other = await tinyGoldens.loadModel(createReferenceBackend());
    other.backend.fill(other.parameters.get('model.norm.weight')!, 1);
    const resumed = trainPrompts({ model: prepareModel(other, lora), prompts, config: lora, resumeFrom });
    await expect(resumed).rejects.toThrow('a different config or different data');
    await expect(trained({ prompts, config: lora })).rejects.toThrow('disagree about an adapter');
    expect(() => parseTrainConfig({ loraRank: 2, loraTargets: 'q_proj,head' })).toThrow(
      'loraTargets: must be a comma-separated list of q_proj, k_proj, ',
    );
    expect(() => parseTrainConfig({ loraDropout: 0.1 })).toThrow('loraRank: is required');
  });

  it('hands out checkpoints at the end of epochs that lead to the same weights, and keeps the accuracy before', async () => {
    const held = { ...config, epochs: 2, heldOutFraction: 0.2 };
    const saved: Uint8Array[] = [];
    const whole = await trained(
      { prompts, config: held, onCheckpoint: (checkpoint) => void saved.push(serializeCheckpoint(checkpoint)) },
      await createWasmBackend(),
    );
    expect(saved).toHaveLength(1);
    const resumed = await trained(
      { prompts, config: held, resumeFrom: parseCheckpoint(saved[0]!) },
      await createWasmBackend(),
    );
    expect(Buffer.compare(resumed.weights, whole.weights)).toBe(0);
    expect(resumed.result.evaluation).toEqual(whole.result.evaluation);
  });

  it('stops at the signal even when it comes from a timer, between micro-batches', async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 100);
    const many = { ...config, epochs: 1000, batchSize: 1, accumulation: 20 };
    const { result } = await trained({ prompts, config: many, signal: stop.signal });
    expect(result.status).toBe('stopped');
    expect(result.steps).toBeLessThan(1000);
  });

  it('refuses a checkpoint of another training', async () => {
    const { result } = await trained({ prompts, config });
    const other = { ...config, learningRate: 1 };
    await expect(trained({ prompts, config: other, resumeFrom: result.checkpoint })).rejects.toThrow(
      'a different config',
    );
    const fewer = prompts.slice(1);
    await expect(trained({ prompts: fewer, config, resumeFrom: result.checkpoint })).rejects.toThrow('different data');
  });

  it('refuses data that it cannot train on, with the reason', async () => {
    const unpaired = prompts.map((prompt) => ({ ...prompt, pairs: [] }));
    await expect(trained({ prompts: [], config })).rejects.toThrow('the snapshot has no prompts');
    await expect(trained({ prompts: unpaired, config })).rejects.toThrow(/no pairs to rank.*set alpha to 0/);
    const targetless = unpaired.map((prompt) => ({ ...prompt, target: null }));
    await expect(trained({ prompts: targetless, config: { ...config, alpha: 0 } })).rejects.toThrow(
      'nothing to train on',
    );
    const everything = prompts.map(({ id }) => id);
    await expect(trained({ prompts, config, heldOutIds: everything })).rejects.toThrow('every prompt is held out');
    const long = [...prompts, { ...prompts[0]!, id: 'p99', promptIds: Array(127).fill(5) }];
    await expect(trained({ prompts: long, config })).rejects.toThrow(/"p99" has 127 tokens.*context of 128/);
  });

  it('trains on targets alone at alpha 0, and leaves out prompts without a gradient, with a note', async () => {
    const notes: string[] = [];
    const unpaired = prompts.map((prompt, i) => ({ ...prompt, pairs: [], target: i < 3 ? null : prompt.target }));
    const { result, metrics } = await trained({
      prompts: unpaired,
      config: { ...config, alpha: 0 },
      onNote: (note) => notes.push(inEnglish(note)),
    });
    expect(result.steps).toBe(5);
    expect(metrics.every(({ rankLoss, sftLoss }) => rankLoss === 0 && sftLoss! > 0)).toBe(true);
    expect(notes).toEqual(['3 of 20 training prompts are left out: they have neither a target nor pairs']);
  });

  it('fails with a message when the loss diverges', async () => {
    const model = await tinyGoldens.loadModel(createReferenceBackend());
    model.backend.fill(model.parameters.get('model.norm.weight')!, 1e30);
    model.backend.fill(model.parameters.get('model.embed_tokens.weight')!, Number.NaN);
    await expect(trainPrompts({ model, prompts, config })).rejects.toThrow(
      /step 1: the loss of prompt "p\d+" is not a/,
    );
  });

  it('frees all its memory, also after an error', async () => {
    const backend = createReferenceBackend();
    const model = await tinyGoldens.loadModel(backend);
    const before = backend.bytesInUse;
    await trainPrompts({ model, prompts, config });
    model.workspace.release();
    expect(backend.bytesInUse).toBe(before);
  });
});
