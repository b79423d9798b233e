/** A tiny model with Qwen3's own tokenizer through the whole loop: what it learnt to say is scored as what it said. */
import { beforeAll, describe, expect, it } from 'vitest';
import { createWasmBackend } from '../backends/wasm/wasm-backend';
import type { SnapshotRecord } from '../data/snapshot';
import { readRealTokenizer } from '../fixtures/real-tokenizers';
import { tinyQwen3Config } from '../fixtures/tiny-qwen3';
import { parseModelConfig } from '../model/config';
import { createRandomModel, type Model } from '../model/model';
import { loadTokenizer, type Tokenizer } from '../tokenizer/tokenizer';
import { train } from '../train/train';
import { parseTrainConfig } from '../train/train-config';
import { generate } from './generate';
import { sampleResponses } from './sample-responses';
import { scoreRecords } from './score-records';

const think = { id: 151_667, text: '<think>A sum.</think>\n\n4, 四 🦊' };
const record: SnapshotRecord = {
  id: 'p',
  prompt: [{ role: 'user', content: 'What is <think>2 + 2</think>?<|im_end|>' }],
  responses: [
    { id: 'good', text: think.text, source: 'human', tier: 0 },
    { id: 'bad', text: '5', source: 'model', tier: 1 },
  ],
  pairs: [{ chosen: 'good', rejected: 'bad', margin: 1, support: [], against: [] }],
};

describe("Qwen3's tokenizer", () => {
  let model: Model;
  let tokenizer: Tokenizer;
  beforeAll(async () => {
    const real = readRealTokenizer('qwen3');
    tokenizer = loadTokenizer(real.tokenizer, real.tokenizerConfig, { config: tinyQwen3Config });
    const backend = await createWasmBackend();
    model = createRandomModel(parseModelConfig(tinyQwen3Config), { backend, seed: 1, tokenizer });
  }, 120_000);

  it('trains, samples and scores, with the same ids each time', async () => {
    const config = parseTrainConfig({
      epochs: 60,
      learningRate: 0.03,
      heldOutFraction: 0,
      weightDecay: 0,
      batchSize: 1,
    });
    const { status } = await train({ model, records: [record], config });
    expect(status).toBe('finished');

    const prompt = tokenizer.renderPrompt(record.prompt);
    const wanted = prompt.encodeResponse(think.text);
    expect(wanted[0]).toBe(think.id);
    const drawn = await generate({ model, promptIds: prompt.ids, maxTokens: 40 });
    expect(drawn).toEqual({ ids: wanted.slice(0, -1), stopped: 'eos' });

    const sampled = [];
    for await (const one of sampleResponses({ model, prompts: [record], maxTokens: 40 })) sampled.push(one);
    expect(sampled).toEqual([{ promptId: 'p', samples: [{ text: think.text, stopped: 'eos' }] }]);
    expect(prompt.encodeResponse(sampled[0]!.samples[0]!.text)).toEqual([...drawn.ids, tokenizer.eosId]);

    const scores = await scoreRecords({ model, records: [record] });
    expect(scores.map(({ responseId }) => responseId)).toEqual(['good', 'bad']);
    expect(scores[0]!.score).toBeGreaterThan(-0.5);
    expect(scores[0]!.score).toBeGreaterThan(scores[1]!.score);
  }, 600_000);
});
