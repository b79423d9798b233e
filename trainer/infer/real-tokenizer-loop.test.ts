/** What a model with a real tokenizer learnt to say is scored as what it said. e2e/webgpu has it in a browser's worker. */
import { describe, expect, it } from 'vitest';
import { asLearnt, isAsLearnt, qwen3Loop } from '../fixtures/qwen3-loop';
import { readRealTokenizer } from '../fixtures/real-tokenizers';

describe("Qwen3's tokenizer", () => {
  it('trains, samples and scores, with the same ids each time', async () => {
    const { tokenizer, tokenizerConfig } = readRealTokenizer('qwen3');
    expect(isAsLearnt(await qwen3Loop(tokenizer, tokenizerConfig))).toEqual(asLearnt);
  }, 600_000);
});
