import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inEnglish } from '../contract/english';
import type { Message } from '../contract/message';
import type { SnapshotRecord } from '../contract/record';
import { loadTokenizer } from '../tokenizer/load-tokenizer';
import { trainBpe } from '../tokenizer/train-bpe';
import { encodeRecord, PromptTooLongError, RecordError, targetOf } from './encode-record';

const json = trainBpe([], { vocabSize: 258, specialTokens: ['<s>', '</s>'] });
const tokenizer = loadTokenizer(json, { bos_token: '<s>', eos_token: '</s>', add_bos_token: true });
const [bos, eos] = [0, 1];

function record(change: Partial<SnapshotRecord> = {}): SnapshotRecord {
  return {
    id: 'p',
    prompt: [{ role: 'user', content: 'question' }],
    responses: [
      { id: 'm1', text: 'one', source: 'model' },
      { id: 'h', text: 'two', source: 'human' },
      { id: 'm2', text: 'three', source: 'human-like-model' },
    ],
    pairs: [{ chosen: 'h', rejected: 'm2', margin: 1, support: [], against: [] }],
    ...change,
  };
}
const options = { maxLength: 64, lambdaHuman: 1, lambdaModel: 0.85 };
const withTiers = (...tiers: (number | undefined)[]) =>
  record({ responses: record().responses.map((response, i) => ({ ...response, tier: tiers[i] })) });

describe('encodeRecord', () => {
  it('gives prompt ids from BOS, response ids to EOS, pairs as indices', () => {
    const encoded = encodeRecord(record(), tokenizer, options);
    expect(encoded.promptIds).toEqual([bos, ...tokenizer.encode('question')]);
    expect(encoded.responses.map(({ ids }) => tokenizer.decode(ids))).toEqual(['one', 'two', 'three']);
    for (const { ids } of encoded.responses) {
      expect(ids.filter((id) => id === eos)).toHaveLength(1);
      expect(ids.at(-1)).toBe(eos);
      expect(ids).not.toContain(bos);
    }
    expect(encoded.pairs).toEqual([{ chosen: 1, rejected: 2 }]);
  });

  it('chooses lambda by source, wherever the response stands', () => {
    expect(encodeRecord(record(), tokenizer, options).responses.map((r) => r.lengthExponent)).toEqual([0.85, 1, 0.85]);
    const reversed = record({ responses: [...record().responses].reverse() });
    expect(encodeRecord(reversed, tokenizer, options).responses.map((r) => r.lengthExponent)).toEqual([0.85, 1, 0.85]);
  });

  it('accepts a prompt that exactly fills the window and refuses one token more, with the numbers', () => {
    const promptTokens = 1 + 'question'.length;
    const longest = 'three'.length + 1;
    const exact = { ...options, maxLength: promptTokens + longest };
    expect(encodeRecord(record(), tokenizer, exact).promptIds).toHaveLength(promptTokens);
    expect(() => encodeRecord(record(), tokenizer, { ...exact, maxLength: exact.maxLength - 1 })).toThrow(
      'prompt "p" takes 9 tokens and its longest response 6, together 15; at most 14 fit',
    );
  });

  it("names the prompt that the model's chat template refuses", () => {
    const chat_template = "{{ raise_exception('System role not supported') }}";
    const strict = loadTokenizer(json, { eos_token: '</s>', chat_template });
    const refused = () => encodeRecord(record(), strict, options);
    expect(refused).toThrow(RecordError);
    expect(refused).toThrow('prompt "p": the model\'s chat template refuses it: System role not supported');
  });

  it('keeps BOS when it cuts a prompt, and adds none that was not there', () => {
    const chat_template = '{{ messages[0].content }}';
    const long = record({ prompt: [{ role: 'user', content: 'q'.repeat(99) }] });
    const cut = { ...options, overlong: 'truncate' as const };
    const without = loadTokenizer(json, { bos_token: '<s>', eos_token: '</s>', chat_template });
    expect(encodeRecord(long, tokenizer, cut).promptIds[0]).toBe(bos);
    expect(encodeRecord(long, without, cut).promptIds).not.toContain(bos);
  });

  it('refuses a prompt of no tokens', () => {
    const noBos = loadTokenizer(json, { bos_token: null, eos_token: '</s>' });
    const empty = record({ prompt: [{ role: 'user', content: '' }] });
    expect(() => encodeRecord(empty, noBos, options)).toThrow('prompt "p" is empty');
  });

  it('truncation drops documents first, then cuts the prompt from the left', () => {
    const documents = [1, 2].map((n) => ({ title: `t${n}`, text: 'x'.repeat(20) }));
    const notes: string[] = [];
    const truncating = {
      ...options,
      overlong: 'truncate' as const,
      onTruncate: (note: Message) => notes.push(inEnglish(note)),
    };
    const both = encodeRecord(record({ documents }), tokenizer, { ...truncating, maxLength: 1000 });
    expect(tokenizer.decode(both.promptIds)).toContain('t2');
    const one = encodeRecord(record({ documents }), tokenizer, { ...truncating, maxLength: 70 });
    expect(tokenizer.decode(one.promptIds)).toBe(`Document [1] (Title: t1) ${'x'.repeat(20)}\n\nquestion`);
    const none = encodeRecord(record({ documents }), tokenizer, { ...truncating, maxLength: 12 });
    expect(none.promptIds).toEqual([bos, ...tokenizer.encode('stion')]);
    expect(notes[1]).toContain('2 of 2 documents dropped');
    expect(notes).toHaveLength(2);
  });

  it('whatever the lengths, truncation keeps BOS, EOS, something of the prompt, and the limit', () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 60 }),
        fc.array(fc.string({ maxLength: 60 }), { minLength: 1, maxLength: 4 }),
        fc.array(fc.string({ maxLength: 30 }), { maxLength: 3 }),
        fc.integer({ min: 4, max: 80 }),
        (content, texts, documents, maxLength) => {
          const long = record({
            prompt: [{ role: 'user', content: `q${content}` }],
            documents: documents.map((text) => ({ title: 't', text })),
            responses: texts.map((text, i) => ({ id: `${i}`, text, source: 'm' })),
            pairs: [],
          });
          const encoded = encodeRecord(long, tokenizer, { ...options, maxLength, overlong: 'truncate' });
          expect(encoded.promptIds[0]).toBe(bos);
          expect(encoded.promptIds.length).toBeGreaterThan(1);
          for (const { ids } of encoded.responses) {
            expect(ids.at(-1)).toBe(eos);
            expect(encoded.promptIds.length + ids.length).toBeLessThanOrEqual(maxLength);
          }
        },
      ),
    );
  });

  it('never truncates unasked', () => {
    expect(() => encodeRecord(record(), tokenizer, { ...options, maxLength: 10 })).toThrow(PromptTooLongError);
  });
});

describe('the SFT target', () => {
  it.each<[string, SnapshotRecord, number | null]>([
    ['an explicit target wins over tiers', { ...withTiers(0, 1, 2), target: 'm2' }, 2],
    ['an explicit null means none, even where tiers are', { ...withTiers(0, 1, 2), target: null }, null],
    ['the best tier', withTiers(2, 1, 0), 2],
    ['human first among the best', withTiers(0, 0, 0), 1],
    ['a worse human never beats the best tier', withTiers(0, 1, 0), 0],
    ['the first as imported when no human is best', withTiers(3, 5, 3), 0],
    ['a response nobody judged is not a candidate', withTiers(undefined, undefined, 4), 2],
    ['without tiers: chosen and never rejected', record(), 1],
    ['without tiers and pairs: none', record({ pairs: [] }), null],
  ])('%s', (_, input, target) => {
    expect(targetOf(input)).toBe(target);
  });
});
