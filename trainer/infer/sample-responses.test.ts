import { describe, expect, it } from 'vitest';
import { createWasmBackend } from '../backends/wasm/wasm-backend';
import { parseModelConfig } from '../model/config';
import { createRandomModel, type Model } from '../model/model';
import { loadTokenizer } from '../tokenizer/load-tokenizer';
import { trainBpe } from '../tokenizer/train-bpe';
import { generate } from './generate';
import { type PromptSamples, type SampleOptions, sampleResponses } from './sample-responses';

const config = parseModelConfig({
  model_type: 'llama',
  vocab_size: 258,
  hidden_size: 16,
  intermediate_size: 32,
  num_hidden_layers: 1,
  num_attention_heads: 2,
  num_key_value_heads: 1,
  max_position_embeddings: 64,
  tie_word_embeddings: true,
});
const tokenizer = loadTokenizer(trainBpe([], { vocabSize: 258, specialTokens: ['<s>', '</s>'] }), {
  add_bos_token: true,
});
const modelWith = async (withTokenizer = true): Promise<Model> =>
  createRandomModel(config, {
    backend: await createWasmBackend(),
    seed: 3,
    tokenizer: withTokenizer ? tokenizer : null,
  });
const prompts = ['Why?', 'Tell me about boats.', 'x'].map((content, i) => ({
  id: `p${i}`,
  prompt: [{ role: 'user' as const, content }],
}));

async function collect(options: SampleOptions): Promise<PromptSamples[]> {
  const all: PromptSamples[] = [];
  for await (const sampled of sampleResponses(options)) all.push(sampled);
  return all;
}

describe('sampleResponses', () => {
  const bold = { temperature: 1, responses: 3, maxTokens: 8, seed: 7 };

  it('gives every prompt its answers, in order, the same however they are batched and whoever else is asked', async () => {
    const model = await modelWith();
    const progress: number[] = [];
    const onProgress = ({ done }: { done: number }) => progress.push(done);
    const together = await collect({ model, prompts, ...bold, onProgress });
    expect(together.map(({ promptId, samples }) => [promptId, samples.length])).toEqual([
      ['p0', 3],
      ['p1', 3],
      ['p2', 3],
    ]);
    expect(progress).toEqual([9]);
    expect(await collect({ model, prompts, ...bold, maxRows: 1, onProgress })).toEqual(together);
    expect(progress.slice(1)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(await collect({ model, prompts: [prompts[1]!], ...bold })).toEqual([together[1]]);
    expect(await collect({ model, prompts, ...bold, seed: 8 })).not.toEqual(together);
    expect(new Set(together[0]!.samples.map(({ text }) => text)).size).toBeGreaterThan(1);
  });

  it('is greedy unless told: the text of what generate gives', async () => {
    const model = await modelWith();
    const [first] = await collect({ model, prompts, maxTokens: 8 });
    const { ids, stopped } = await generate({
      model,
      promptIds: tokenizer.renderPrompt(prompts[0]!.prompt).ids,
      maxTokens: 8,
    });
    expect(first).toEqual({ promptId: 'p0', samples: [{ text: tokenizer.decode(ids), stopped }] });
  });

  it('a prompt that fills the context is refused before any work, or left out and told of', async () => {
    const model = await modelWith();
    const long = { id: 'long', prompt: [{ role: 'user' as const, content: 'x'.repeat(63) }] };
    const some = [prompts[0]!, long, prompts[2]!];
    const refused = collect({ model, prompts: some, maxTokens: 4, onProgress: () => expect.unreachable() });
    await expect(refused).rejects.toThrow('prompt "long" takes 64 tokens; the model\'s context is 64');
    const skipped: string[] = [];
    const rest = await collect({ model, prompts: some, maxTokens: 4, onSkip: (id) => skipped.push(id) });
    expect(skipped).toEqual(['long']);
    expect(rest.map(({ promptId }) => promptId)).toEqual(['p0', 'p2']);
  });

  it('ends at the signal with its reason, gives its memory back, and needs a tokenizer', async () => {
    const model = await modelWith();
    const before = model.backend.bytesInUse;
    const stop = new AbortController();
    const onProgress = () => stop.abort(new Error('enough'));
    const run = collect({ model, prompts, ...bold, maxRows: 1, signal: stop.signal, onProgress });
    await expect(run).rejects.toThrow('enough');
    expect(model.backend.bytesInUse).toBe(before);
    await expect(collect({ model: await modelWith(false), prompts, ...bold })).rejects.toThrow('without its tokenizer');
    await expect(collect({ model, prompts, ...bold, topP: 0 })).rejects.toThrow('topP');
  });
});
