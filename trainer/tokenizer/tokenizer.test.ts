import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { Tokenizer as HuggingFaceTokenizer } from '@huggingface/tokenizers';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { byteCharacters } from './byte-level';
import { loadTokenizer } from './load-tokenizer';
import { checkTokenizerFitsModel } from './tokenizer';
import { trainBpe } from './train-bpe';

const shared = new URL('../../../shared/', import.meta.url);
const readJson = (url: URL) => JSON.parse(readFileSync(url, 'utf8'));

const specials = ['<|begin|>', '<|end|>', '<|user|>', '<|assistant|>', '<|document|>'];
const corpus = [
  'The harbour was quiet at dawn. The boats were quiet, too.',
  "A baker's oven is hot; the bread isn't ready 123 1234.",
  'Le café est fermé. Ωμέγα 東京 🦊🦊 the the the quiet quiet harbour',
  '<|user|>a special token of the text is not learnt<|end|>',
];
// Twice, so that every pair is frequent enough to merge.
const json = trainBpe([...corpus, ...corpus], { vocabSize: 330, specialTokens: specials });
const chatTemplate =
  "{{ bos_token }}{% for document in documents or [] %}<|document|>{{ document.title }}: {{ document.text }}{% endfor %}{% for message in messages %}{{ '<|' + message.role + '|>' + message.content }}{% endfor %}{% if add_generation_prompt %}<|assistant|>{% endif %}";
const config = { bos_token: '<|begin|>', eos_token: { content: '<|end|>' }, chat_template: chatTemplate };
const tokenizer = loadTokenizer(json, config);
const anyText = fc.string({ unit: 'binary' });

/** BPE by its definition: merge the lowest-ranked pair of a word, leftmost first, until none is left. */
function encodeByDefinition(text: string): number[] {
  const ranks = new Map(json.model.merges.map((merge, rank) => [merge, rank]));
  const pattern = /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+/gu;
  return (text.match(pattern) ?? []).flatMap((word) => {
    const parts = Array.from(new TextEncoder().encode(word), (byte) => byteCharacters[byte] as string);
    for (;;) {
      const pairs = parts.slice(1).map((right, i) => ranks.get(`${parts[i]} ${right}`) ?? Infinity);
      const lowest = Math.min(...pairs);
      if (lowest === Infinity) return parts.map((part) => json.model.vocab[part] as number);
      const at = pairs.indexOf(lowest);
      parts.splice(at, 2, `${parts[at]}${parts[at + 1]}`);
    }
  });
}

describe('trainBpe', () => {
  it('gives special tokens the first ids, keeps all bytes, and learns frequent words', () => {
    expect(specials.map((token) => json.model.vocab[token])).toEqual([0, 1, 2, 3, 4]);
    for (const character of byteCharacters) expect(json.model.vocab[character]).toBeGreaterThanOrEqual(specials.length);
    expect(json.model.vocab.Ġquiet).toBeDefined();
    expect(Object.keys(json.model.vocab)).toHaveLength(330);
    expect(json.model.merges.some((merge) => merge.includes('user'))).toBe(false);
  });

  it('is deterministic', () => {
    expect(JSON.stringify(trainBpe([...corpus, ...corpus], { vocabSize: 330, specialTokens: specials }))).toBe(
      JSON.stringify(json),
    );
  });

  it('merges the most frequent pair first', () => {
    const small = trainBpe(['ab ab ab cd'], { vocabSize: 258, specialTokens: [] });
    expect(small.model.merges).toEqual(['a b', 'Ġ ab']);
  });

  it('stops when no pair is frequent enough, and refuses a vocabulary below the bytes', () => {
    expect(Object.keys(trainBpe(['abc'], { vocabSize: 400, specialTokens: [] }).model.vocab)).toHaveLength(256);
    expect(() => trainBpe([], { vocabSize: 260, specialTokens: specials })).toThrow('cannot hold 5 special tokens');
  });

  it('loads in @huggingface/tokenizers with the ids of BPE by definition', () => {
    const inner = new HuggingFaceTokenizer(json, config);
    fc.assert(
      fc.property(fc.oneof(anyText, fc.constantFrom(...corpus), fc.lorem()), (text) => {
        fc.pre(!specials.some((token) => text.includes(token)));
        const wanted = encodeByDefinition(text);
        expect(inner.encode(text).ids).toEqual(wanted);
        expect(tokenizer.encode(text)).toEqual(wanted);
      }),
    );
  });
});

describe('loadTokenizer', () => {
  it('gives any Unicode text back', () => {
    fc.assert(
      fc.property(fc.oneof(anyText, fc.lorem(), fc.constant('a , b . <|end|> </s>')), (text) => {
        const prompt = tokenizer.renderPrompt([]);
        expect(prompt.decodeResponse(prompt.encodeResponse(text))).toBe(text);
      }),
      { numRuns: 300 },
    );
  });

  it('ends a response with EOS and starts it without BOS', () => {
    const prompt = tokenizer.renderPrompt([{ role: 'user', content: 'Why?' }]);
    expect(prompt.encodeResponse('')).toEqual([1]);
    const ids = prompt.encodeResponse('quiet');
    expect(ids.at(-1)).toBe(1);
    expect(ids[0]).not.toBe(0);
  });

  it('never lets text become a special token', () => {
    const spelled = 'one <|end|><|user|> two';
    const prompt = tokenizer.renderPrompt(
      [{ role: 'user', content: spelled }],
      [{ title: '<|begin|>', text: spelled }],
    );
    expect(prompt.encodeResponse(spelled).filter((id) => id < 5)).toEqual([1]);
    expect(prompt.ids.filter((id) => id < 5)).toEqual([0, 4, 2, 3]);
  });

  it('renders through the chat template, BOS once', () => {
    const { ids } = tokenizer.renderPrompt([{ role: 'user', content: 'the boats' }], [{ title: 'a', text: 'quiet' }]);
    expect(ids).toEqual([0, 4, ...tokenizer.encode('a: quiet'), 2, ...tokenizer.encode('the boats'), 3]);
  });

  it('without a template joins messages by blank lines, documents before the question', () => {
    const plain = loadTokenizer(json, { bos_token: '<|begin|>', eos_token: '<|end|>', add_bos_token: true });
    const { ids } = plain.renderPrompt(
      [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Why?' },
      ],
      [{ title: 'T', text: 'x' }],
    );
    expect(ids[0]).toBe(0);
    expect(plain.decode(ids)).toBe('Be brief.\n\nDocument [1] (Title: T) x\n\nWhy?');
  });

  it('hands documents to the user message of a template that knows none', () => {
    const other = loadTokenizer(json, {
      ...config,
      chat_template: '{% for m in messages %}{{ m.content }}{% endfor %}',
    });
    const { ids } = other.renderPrompt([{ role: 'user', content: 'Why?' }], [{ title: 'T', text: 'x' }]);
    expect(other.decode(ids)).toBe('Document [1] (Title: T) x\n\nWhy?');
  });

  it('refuses what is not a tokenizer, saying what is wrong', () => {
    expect(() => loadTokenizer(null)).toThrow('tokenizer.json is not a tokenizer');
    expect(() => loadTokenizer({ ...json, model: { ...json.model, merges: 7 } })).toThrow('cannot be used');
    expect(() => loadTokenizer({ model: 3 })).toThrow('tokenizer.json is not a tokenizer');
    expect(() => loadTokenizer({ ...json, model: { ...json.model, type: 'Nope' } })).toThrow(
      'model.type: must be one of "BPE", "Unigram", "WordPiece"',
    );
    expect(() => loadTokenizer(json, { eos_token: '<eos>' })).toThrow('eos_token is "<eos>", which is not among');
    const { '<|end|>': _, ...vocab } = json.model.vocab;
    const without = { ...json, added_tokens: [], model: { ...json.model, vocab } };
    expect(() => loadTokenizer(without)).toThrow('no file names the token that ends a text');
    expect(() => loadTokenizer(json, { ...config, chat_template: '{% if %}' })).toThrow('chat template cannot be read');
  });

  it('refuses a model whose embedding is too small, with both numbers', () => {
    expect(() => checkTokenizerFitsModel(tokenizer, 329)).toThrow(
      "highest token id is 329, but the model's embedding has 329 rows",
    );
    expect(() => checkTokenizerFitsModel(tokenizer, 330)).not.toThrow();
  });
});

describe.skipIf(!existsSync(shared))('stories260K (skipped when ../shared is absent)', () => {
  const folder = new URL('models/stories260K/', shared);
  const cases = existsSync(shared)
    ? readdirSync(new URL('goldens/', shared)).filter((name) => /^stories260K-\d\.json$/.test(name))
    : [];
  it.each(cases)('reproduces the ids of %s', (name) => {
    const stories = loadTokenizer(
      readJson(new URL('tokenizer.json', folder)),
      readJson(new URL('tokenizer_config.json', folder)),
    );
    const golden = readJson(new URL(`goldens/${name}`, shared));
    expect(stories.bosId).toBe(1);
    expect(stories.vocabSize).toBe(512);
    expect(stories.renderPrompt([{ role: 'user', content: golden.prompt }]).ids).toEqual(golden.prompt_ids);
    for (const { text, ids } of golden.responses) expect([...stories.encode(text), stories.eosId]).toEqual(ids);
  });

  it('has a response follow a template that ends without a space as one text', () => {
    const zephyr = loadTokenizer(
      readJson(new URL('tokenizer.json', folder)),
      readJson(new URL('cases/trainer/zephyr-tokenizer_config.json', shared)),
    );
    const prompt = zephyr.renderPrompt([{ role: 'user', content: 'Tell me a story.' }]);
    const response = 'Once upon a time, there was a dog.';
    const together = zephyr.encode(`<|user|>\nTell me a story.</s>\n<|assistant|>\n${response}`);
    expect([...prompt.ids, ...prompt.encodeResponse(response)]).toEqual([...together, zephyr.eosId]);
    expect(prompt.decodeResponse(prompt.encodeResponse(response))).toBe(response);
  });
});
