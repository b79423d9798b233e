/**
 * Tokenizers of real models against the Rust library that Python uses: equal ids is what training, scoring and sampling
 * rest on. SEED=n draws other texts.
 */
import { Tokenizer as RustTokenizer } from '@anush008/tokenizers';
import { describe, expect, it } from 'vitest';
import { generatedTexts } from '../fixtures/generated-texts';
import { readRealTokenizer, realTokenizerNames } from '../fixtures/real-tokenizers';
import { repetitions } from '../fixtures/repetitions';
import { loadTokenizer } from './load-tokenizer';
import { readPreTokenizer } from './pre-tokenizers';
import { normalizeWithOlderUnicode } from './unicode-age';

const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
const count = repetitions(5000, 1000);
const timeout = 600_000;

describe.each(realTokenizerNames)(`%s, ${count} texts of seed ${seed}`, (name) => {
  const real = readRealTokenizer(name);
  const ours = loadTokenizer(real.tokenizer, real.tokenizerConfig);
  const tokens = real.tokenizer.added_tokens.map(({ content }) => content);
  const texts = () => generatedTexts(seed, count, tokens);

  it(
    'has the ids of the Rust library',
    async () => {
      const rust = RustTokenizer.fromString(real.text);
      for (const text of texts()) {
        const theirs = await rust.encode(text, null, { addSpecialTokens: false });
        expect(ours.encode(text), JSON.stringify(text)).toEqual(theirs.getIds());
      }
    },
    timeout,
  );

  it(
    'gives a response back, whose ids are the same again',
    () => {
      const prompt = ours.renderPrompt([{ role: 'user', content: 'Why?' }]);
      for (const drawn of texts()) {
        // Where "▁" stands for a space, no text gets its own "▁" back.
        const text = drawn.replaceAll('▁', '_');
        const ids = prompt.encodeResponse(text);
        const back = prompt.decodeResponse(ids);
        expect(prompt.encodeResponse(back), JSON.stringify(text)).toEqual(ids);
        expect(ids.filter((id) => ours.eosIds.includes(id))).toEqual([ours.eosId]);
      }
    },
    timeout,
  );
});

describe('Unicode as the Rust library knows it', () => {
  // Planes 4 to 13 are without characters, and 15 and 16 for private use: of those, some stand for all.
  const step = repetitions(1, 64);
  const isEmpty = (code: number) => code >= 0x40000 && (code < 0xe0000 || code >= 0xe1000);
  const characters = Array.from({ length: 0x110000 }, (_, code) => code)
    .filter((code) => code < 0xd800 || code > 0xdfff)
    .filter((code) => !isEmpty(code) || code % step === 0)
    .map((code) => String.fromCodePoint(code));
  const parts = {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [],
    post_processor: null,
    decoder: null,
  };
  const model = {
    ...{ type: 'BPE', dropout: null, unk_token: null, continuing_subword_prefix: null, end_of_word_suffix: null },
    ...{ fuse_unk: false, byte_fallback: false, vocab: { a: 0 }, merges: [] },
  };

  it.each(['NFC', 'NFD', 'NFKC', 'NFKD'] as const)('normalizes characters to %s alike', (form) => {
    const json = { ...parts, model, normalizer: { type: form }, pre_tokenizer: null };
    const normalizer = RustTokenizer.fromString(JSON.stringify(json)).getNormalizer()!;
    const differing = characters.filter((character) => {
      const marked = `a\u0301${character.normalize('NFD')}\u0323\u0301`;
      return [character, marked].some((t) => normalizer.normalizeString(t) !== normalizeWithOlderUnicode(t, form));
    });
    expect(differing).toEqual([]);
  });

  it.each(['\\p{L}', '\\p{N}', '\\p{P}', '\\p{S}', '\\p{M}', '\\p{Lu}', '\\p{Ll}', '\\p{Lo}', '\\s'])(
    'puts the same characters into %s',
    (Regex) => {
      const pre_tokenizer = { type: 'Split', pattern: { Regex }, behavior: 'Isolated', invert: false };
      const json = { ...parts, model, normalizer: null, pre_tokenizer };
      const rust = RustTokenizer.fromString(JSON.stringify(json)).getPreTokenizer()!;
      const ours = readPreTokenizer(pre_tokenizer);
      for (let at = 0; at < characters.length; at += 4096) {
        // A combining mark does not stick here: patterns see code points.
        const text = characters.slice(at, at + 4096).join('');
        expect(ours([text], 'first')).toEqual(rust.preTokenizeString(text).map(([word]) => word));
      }
    },
  );
});

describe('pre-tokenizers', () => {
  it.each([
    { type: 'ByteLevel', add_prefix_space: true, trim_offsets: false, use_regex: true },
    { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always', split: true },
    { type: 'Metaspace', replacement: '▁', prepend_scheme: 'first', split: false },
    { type: 'Digits', individual_digits: true },
    { type: 'Digits', individual_digits: false },
    { type: 'Whitespace' },
    { type: 'WhitespaceSplit' },
    { type: 'CharDelimiterSplit', delimiter: ' ' },
    { type: 'Split', pattern: { String: ' ' }, behavior: 'MergedWithPrevious', invert: false },
    { type: 'Split', pattern: { Regex: '\\d{1,3}(?=(\\d{3})*\\b)' }, behavior: 'Isolated', invert: false },
    { type: 'Split', pattern: { Regex: '[a-z]+' }, behavior: 'MergedWithNext', invert: false },
    { type: 'Split', pattern: { Regex: '\\p{L}+' }, behavior: 'Removed', invert: true },
    { type: 'Split', pattern: { Regex: '\\p{L}' }, behavior: 'Contiguous', invert: false },
  ])('$type cuts as the Rust library does: %j', (pre_tokenizer) => {
    const parts = { version: '1.0', truncation: null, padding: null, added_tokens: [], post_processor: null };
    const model = { type: 'BPE', dropout: null, unk_token: null, fuse_unk: false, vocab: { a: 0 }, merges: [] };
    const json = { ...parts, decoder: null, model, normalizer: null, pre_tokenizer };
    const rust = RustTokenizer.fromString(JSON.stringify(json)).getPreTokenizer()!;
    const ours = readPreTokenizer(pre_tokenizer);
    for (const text of generatedTexts(seed, 1000)) {
      const wellFormed = text.replace(/\p{Surrogate}/gu, '\ufffd');
      const theirs = rust.preTokenizeString(wellFormed).map(([word]) => word);
      expect(ours([wellFormed], 'first'), `${JSON.stringify(text)}, seed ${seed}`).toEqual(theirs);
    }
  });
});
