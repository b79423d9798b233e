/**
 * Pre-tokenizers, which split a text into words, one function for each type in tokenizer.json, with the results of the
 * Rust library. The JavaScript library only parses the patterns: its own pre-tokenizers lack some behaviours and
 * Unicode's digits, letters and white space.
 */
import { SplitPreTokenizer } from '@huggingface/tokenizers';
import * as z from 'zod';
import { byteCharacters, byteLevelWords } from './byte-level';
import { maskNewerUnicode } from './unicode-age';

/**
 * Position of a piece of text: at the beginning, behind an added token, or continuing a piece whose beginning is
 * already encoded. A space may be prepended to the first two.
 */
export type PiecePosition = 'first' | 'later' | 'continued';

export type PreTokenize = (words: readonly string[], place: PiecePosition) => string[];

const behaviors = ['Removed', 'Isolated', 'MergedWithPrevious', 'MergedWithNext', 'Contiguous'] as const;
type Behavior = (typeof behaviors)[number];

const behavior = z.enum(behaviors).default('Isolated');
const pattern = z.union([z.looseObject({ Regex: z.string() }), z.looseObject({ String: z.string() })]);
const schema = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('Sequence'), pretokenizers: z.array(z.unknown()) }),
  z.looseObject({ type: z.literal('Split'), pattern, behavior, invert: z.boolean().default(false) }),
  z.looseObject({
    type: z.literal('ByteLevel'),
    add_prefix_space: z.boolean().default(true),
    use_regex: z.boolean().default(true),
  }),
  z.looseObject({
    type: z.literal('Metaspace'),
    replacement: z.string().default('▁'),
    add_prefix_space: z.boolean().default(true),
    prepend_scheme: z.enum(['always', 'first', 'never']).optional(),
    split: z.boolean().default(true),
  }),
  z.looseObject({ type: z.literal('Digits'), individual_digits: z.boolean().default(false) }),
  z.looseObject({ type: z.literal('Punctuation'), behavior }),
  z.looseObject({ type: z.literal('Whitespace') }),
  z.looseObject({ type: z.literal('WhitespaceSplit') }),
  z.looseObject({ type: z.literal('BertPreTokenizer') }),
  z.looseObject({ type: z.literal('CharDelimiterSplit'), delimiter: z.string() }),
  z.looseObject({ type: z.literal('FixedLength'), length: z.int().min(1) }),
]);

const letters = String.raw`\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}`;
const wordsOrSigns = new RegExp(`[${letters}]+|[^${letters}\\p{White_Space}]+`, 'gu');
const space = /\p{White_Space}/gu;
const sign = /[\p{P}!-/:-@[-`{-~]/gu;

/** Throws ZodError where the type or one of its fields is not known. */
export function readPreTokenizer(value: unknown): PreTokenize {
  if (value == null) return (words) => [...words];
  const config = schema.parse(value);
  switch (config.type) {
    case 'Sequence': {
      const steps = config.pretokenizers.map(readPreTokenizer);
      return (words, place) => steps.reduce<string[]>((done, step) => step(done, place), [...words]);
    }
    case 'Split': {
      const matcher = new SplitPreTokenizer({ ...config, invert: true } as never).pattern;
      return eachWord((word) => cut(word, matcher as RegExp, config.behavior, config.invert));
    }
    case 'ByteLevel':
      return (words, place) =>
        words.flatMap((word, i) => {
          const prepends = config.add_prefix_space && !(place === 'continued' && i === 0) && !word.startsWith(' ');
          const text = prepends ? ` ${word}` : word;
          return (config.use_regex ? cut(text, byteLevelWords, 'Isolated') : [text]).map(asBytes);
        });
    case 'Metaspace':
      return metaspace(config);
    case 'Digits':
      // Rust's character functions, unlike its patterns, use a recent Unicode version.
      return eachWord((word) =>
        cutAt(word.matchAll(/\p{N}/gu), word, config.individual_digits ? 'Isolated' : 'Contiguous'),
      );
    case 'Punctuation':
      return eachWord((word) => cut(word, sign, config.behavior));
    case 'Whitespace':
      return eachWord((word) => cut(word, wordsOrSigns, 'Removed', true));
    case 'WhitespaceSplit':
      return eachWord((word) => cut(word, space, 'Removed'));
    case 'BertPreTokenizer':
      return eachWord((word) => cut(word, space, 'Removed').flatMap((part) => cut(part, sign, 'Isolated')));
    case 'CharDelimiterSplit':
      return eachWord((word) => word.split(config.delimiter).filter((part) => part !== ''));
    case 'FixedLength':
      return eachWord((word) => cut(word, new RegExp(`[\\s\\S]{1,${config.length}}`, 'gu'), 'Isolated'));
  }
}

const eachWord =
  (step: (word: string) => string[]): PreTokenize =>
  (words) =>
    words.flatMap(step);

function metaspace(config: Extract<z.infer<typeof schema>, { type: 'Metaspace' }>): PreTokenize {
  const { replacement, split } = config;
  const scheme = config.prepend_scheme ?? (config.add_prefix_space ? 'always' : 'never');
  const escaped = new RegExp(replacement.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'), 'gu');
  return (words, place) =>
    words.flatMap((word, i) => {
      const text = word.replaceAll(' ', replacement);
      const begins = i > 0 || place !== 'continued';
      const prepends = scheme === 'always' ? begins : scheme === 'first' && place === 'first' && i === 0;
      const whole = prepends && !text.startsWith(replacement) ? replacement + text : text;
      return split ? cut(whole, escaped, 'MergedWithNext') : [whole];
    });
}

function cut(text: string, matcher: RegExp, how: Behavior, inverted = false): string[] {
  return cutAt(maskNewerUnicode(text).matchAll(matcher), text, how, inverted);
}

/** `inverted`: the text between matches counts as the match. */
function cutAt(matches: Iterable<RegExpExecArray>, text: string, how: Behavior, inverted = false): string[] {
  const parts: { start: number; end: number; isMatch: boolean }[] = [];
  let done = 0;
  for (const { index, 0: match } of matches) {
    if (index > done) parts.push({ start: done, end: index, isMatch: inverted });
    if (match.length > 0) parts.push({ start: index, end: index + match.length, isMatch: !inverted });
    done = index + match.length;
  }
  if (done < text.length) parts.push({ start: done, end: text.length, isMatch: inverted });
  return joined(parts, how).map(({ start, end }) => text.slice(start, end));
}

type Part = { start: number; end: number; isMatch: boolean };

function joined(parts: readonly Part[], how: Behavior): readonly Part[] {
  if (how === 'Isolated') return parts;
  if (how === 'Removed') return parts.filter(({ isMatch }) => !isMatch);
  const all: Part[] = [];
  let before: boolean | null = null;
  for (const part of parts) {
    const last = all.at(-1);
    const joins =
      how === 'Contiguous'
        ? part.isMatch === before
        : how === 'MergedWithPrevious'
          ? part.isMatch && before === false
          : before === true && !part.isMatch;
    if (last && joins) last.end = part.end;
    else all.push({ ...part });
    before = part.isMatch;
  }
  return all;
}

const utf8 = new TextEncoder();
const asBytes = (text: string) => Array.from(utf8.encode(text), (byte) => byteCharacters[byte]).join('');
