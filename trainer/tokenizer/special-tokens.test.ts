import { describe, expect, it } from 'vitest';
import { inEnglish } from '../contract/english';
import { loadTokenizer } from './load-tokenizer';
import { trainBpe } from './train-bpe';

const names = ['<s>', '</s>', '<|im_end|>', '<|other|>'];
const json = trainBpe([], { vocabSize: 260, specialTokens: names });
const template = {
  type: 'TemplateProcessing',
  single: [{ SpecialToken: { id: '<s>', type_id: 0 } }, { Sequence: { id: 'A', type_id: 0 } }],
  special_tokens: { '<s>': { id: '<s>', ids: [0], tokens: ['<s>'] } },
};
const ask = [{ role: 'user' as const, content: 'Hi' }];

describe('the token that ends a text', () => {
  it.each([
    [
      'tokenizer_config.json before all',
      { eos_token: '<|other|>' },
      { eos_token: '</s>' },
      { config: 2, generation: 1, eosId: 3 },
    ],
    ['special_tokens_map.json next', {}, { eos_token: { content: '</s>' } }, { config: 2, generation: 3, eosId: 1 }],
    ['config.json next, a number', {}, undefined, { config: 2, generation: 3, eosId: 2 }],
    ['config.json, the first of a list', { eos_token: null }, {}, { config: [3, 2], generation: 1, eosId: 3 }],
    ['generation_config.json last', {}, undefined, { config: undefined, generation: [2, 1], eosId: 2 }],
  ])('%s', (_, tokenizerConfig, specialTokensMap, { config, generation, eosId }) => {
    const tokenizer = loadTokenizer(json, tokenizerConfig, {
      specialTokensMap,
      config: { eos_token_id: config },
      generationConfig: { eos_token_id: generation },
    });
    expect(tokenizer.eosId).toBe(eosId);
    expect(tokenizer.eosIds).toEqual([...new Set([eosId, config ?? [], generation].flat())]);
    expect(tokenizer.notes).toEqual([]);
  });

  it('is guessed among the added tokens only, with a note', () => {
    const tokenizer = loadTokenizer(json, { bos_token: null });
    expect(tokenizer.eosId).toBe(1);
    expect(tokenizer.notes.map(inEnglish)).toEqual([
      'no file names the eos_token, so "</s>" is used because of its name; if that is wrong, set the right one in tokenizer_config.json',
    ]);
    const notAdded = { ...json, added_tokens: [] };
    expect(() => loadTokenizer(notAdded)).toThrow('no file names the token that ends a text');
    expect(loadTokenizer(notAdded, { eos_token: '</s>' }).eosId).toBe(1);
  });

  it('is refused by file and number where the tokenizer has no such token', () => {
    expect(() => loadTokenizer(json, {}, { config: { eos_token_id: 999 } })).toThrow(
      "config.json: eos_token_id is 999, which no token of the tokenizer's 260 has",
    );
    expect(() => loadTokenizer(json, {}, { specialTokensMap: { eos_token: 3 } })).toThrow('special_tokens_map.json: ');
  });
});

describe('the token that begins a text', () => {
  const first = (tokenizerConfig: object, post_processor: object = json.post_processor) =>
    loadTokenizer({ ...json, post_processor }, { eos_token: '</s>', ...tokenizerConfig }).renderPrompt(ask).ids[0];
  const plain = json.model.vocab.H;

  it('is put there as add_bos_token says, and else as the post-processor does', () => {
    expect(first({ bos_token: '<s>' })).toBe(plain);
    expect(first({ bos_token: '<s>', add_bos_token: true })).toBe(0);
    expect(first({ bos_token: '<s>' }, template)).toBe(0);
    expect(first({ bos_token: '<s>' }, { type: 'Sequence', processors: [json.post_processor, template] })).toBe(0);
    expect(first({ bos_token: '<s>', add_bos_token: false }, template)).toBe(plain);
    expect(first({ bos_token: null, add_bos_token: true })).toBe(plain);
  });

  it('is named to templates, whoever puts it there', () => {
    const config = { bos_token: '<s>', eos_token: '</s>', chat_template: '{{ bos_token }}{{ messages[0].content }}' };
    expect(loadTokenizer(json, config).renderPrompt(ask).ids.slice(0, 2)).toEqual([0, plain]);
  });

  it('comes from the same files', () => {
    const other = { specialTokensMap: { bos_token: '<|other|>' }, config: { bos_token_id: 0 } };
    expect(loadTokenizer(json, { eos_token: '</s>' }, other).bosId).toBe(3);
    expect(loadTokenizer(json, { eos_token: '</s>' }, { config: { bos_token_id: 2 } }).bosId).toBe(2);
  });
});
