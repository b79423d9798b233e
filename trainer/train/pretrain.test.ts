import { describe, expect, it } from 'vitest';
import { createReferenceBackend } from '../backends/reference/reference-backend';
import type { EncodedPrompt } from '../data/encoded-prompt';
import type { ModelConfig } from '../model/config';
import { createRandomModel } from '../model/model';
import { parseCheckpoint, serializeCheckpoint } from './checkpoint';
import { defaultPretrainConfig, lossPerToken, type PretrainMetric, pretrain } from './pretrain';

const config: ModelConfig = {
  vocabSize: 16,
  dim: 16,
  hiddenDim: 32,
  layers: 2,
  heads: 4,
  kvHeads: 2,
  headDim: 4,
  maxPositions: 32,
  normEpsilon: 1e-5,
  ropeTheta: 10_000,
  tieEmbeddings: true,
  bosId: 1,
  eosIds: [2],
};

/** Counting sequences: after token t comes t + 1, so the next token is certain once the rule is learnt. */
const sequences: EncodedPrompt[] = Array.from({ length: 12 }, (_, i) => ({
  id: `p${i}`,
  promptIds: [1, 3 + (i % 4), 4 + (i % 4), 5 + (i % 4)],
  responses: [6, 8].map((length) => ({
    id: `r${length}`,
    ids: [...Array.from({ length: length - 4 }, (_, t) => 6 + (i % 4) + t), 2],
    lengthExponent: 1,
  })),
  pairs: [],
  target: null,
}));

const small = {
  ...defaultPretrainConfig,
  blockRows: 40,
  blocksPerStep: 2,
  totalSteps: 60,
  warmupSteps: 5,
  learningRate: 1e-2,
};

describe('pretrain', () => {
  it('learns a rule from scratch, on held-out sequences too, with flat memory', async () => {
    const backend = createReferenceBackend();
    const model = createRandomModel(config, { backend, seed: 7 });
    const heldOut = sequences.slice(10);
    const before = await lossPerToken(model, heldOut, { blockRows: 40 });
    expect(before).toBeCloseTo(Math.log(16), 0);
    const metrics: PretrainMetric[] = [];
    const bytes: number[] = [];
    const result = await pretrain({
      model,
      sequences: sequences.slice(0, 10),
      heldOut,
      config: { ...small, evaluateEvery: 20 },
      onMetric: (metric) => {
        metrics.push(metric);
        bytes.push(backend.bytesInUse);
      },
    });
    expect(result).toMatchObject({ status: 'finished', steps: 60 });
    expect(metrics.map((m) => m.step)).toEqual(Array.from({ length: 60 }, (_, i) => i + 1));
    expect(metrics.filter((m) => m.heldOutLoss !== undefined).map((m) => m.step)).toEqual([20, 40, 60]);
    expect(metrics.at(-1)!.loss).toBeLessThan(0.7 * metrics[0]!.loss);
    expect(metrics.at(-1)!.heldOutLoss).toBeLessThan(0.7 * before);
    expect(new Set(bytes).size).toBe(1);
    model.dispose();
    expect(backend.bytesInUse).toBe(0);
  });

  it('stops at a signal and goes on from its checkpoint with the same losses', async () => {
    const straight: number[] = [];
    const makeModel = () => createRandomModel(config, { backend: createReferenceBackend(), seed: 7 });
    const short = { ...small, totalSteps: 6 };
    await pretrain({ model: makeModel(), sequences, config: short, onMetric: (m) => straight.push(m.loss) });

    const resumed: number[] = [];
    const stop = new AbortController();
    const onMetric = (m: PretrainMetric) => {
      resumed.push(m.loss);
      if (m.step === 3) stop.abort();
    };
    const first = await pretrain({ model: makeModel(), sequences, config: short, onMetric, signal: stop.signal });
    expect(first).toMatchObject({ status: 'stopped', steps: 3 });
    const resumeFrom = parseCheckpoint(serializeCheckpoint(first.checkpoint));
    await pretrain({ model: makeModel(), sequences, config: short, onMetric, resumeFrom });
    expect(resumed).toHaveLength(6);
    // The reference backend computes in float64 and a checkpoint keeps float32.
    resumed.forEach((loss, i) => {
      expect(loss).toBeCloseTo(straight[i]!, 5);
    });
  });

  it('refuses data it cannot train on, naming the prompt', async () => {
    const model = createRandomModel(config, { backend: createReferenceBackend(), seed: 7 });
    await expect(pretrain({ model, sequences: [], config: small })).rejects.toThrow('nothing to train on');
    const long = { ...sequences[0]!, id: 'too long', promptIds: Array(40).fill(3) };
    await expect(pretrain({ model, sequences: [long], config: small })).rejects.toThrow(/"too long".*context of 32/);
    const foreign = { ...sequences[0]!, id: 'foreign', promptIds: [1, 16] };
    await expect(pretrain({ model, sequences: [foreign], config: small })).rejects.toThrow(/"foreign" has token 16/);
  });
});
