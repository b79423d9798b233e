import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asWritten, HIDDEN_NAME, maskSelfNames, selfNames } from './self-names';
import { type Span, sharedSpans } from './shared-spans';

const shown = (text: string) => maskSelfNames(text).text;

describe('self-naming phrases', () => {
  it.each([
    ['As ChatGPT, I cannot do that.', 'As [name hidden], I cannot do that.'],
    ['I am Claude. How can I help?', 'I am [name hidden]. How can I help?'],
    [
      'Hi! I’m Claude, an AI assistant made by Anthropic.',
      'Hi! I’m [name hidden], an AI assistant made by [name hidden].',
    ],
    ['I am Claude 3.5 Sonnet, and I agree.', 'I am [name hidden], and I agree.'],
    ['As an AI language model developed by OpenAI, I …', 'As an AI language model developed by [name hidden], I …'],
    ['I am a large language model, trained by Google.', 'I am a large language model, trained by [name hidden].'],
    ['I was created by Mistral AI to help.', 'I was created by [name hidden] to help.'],
    ['My name is Bard, and', 'My name is [name hidden], and'],
    ['As GPT-4, my knowledge ends there.', 'As [name hidden], my knowledge ends there.'],
    ['I am an AI assistant from Google', 'I am an AI assistant from [name hidden]'],
    ["I'm Llama 2 Chat\nand", "I'm [name hidden]\nand"],
    ['I am Qwen, created by Alibaba Cloud.', 'I am [name hidden], created by [name hidden].'],
  ])('%s', (raw, expected) => expect(shown(raw)).toBe(expected));

  it.each([
    'ChatGPT was developed by OpenAI in 2022.',
    'As Claude Monet painted it, the pond is blue.',
    'I am Claude Dupont from Lyon.',
    'As a Gemini, you are curious.',
    'I am fond of llamas, and of Claude.',
    'My name is Claude and I paint.',
    'The bard sang. I am bard of this village.',
    'Google trained it. I am not sure by whom.',
    'As Google says, search is free.',
    'Bing cherries, as I am told, are sweet.',
    'He said that Anthropic made Claude.',
    'Use GPT-4 for this, as Microsoft does.',
    'I am a painter. It was made by Google.',
  ])('leaves alone: %s', (raw) => expect(shown(raw)).toBe(raw));
});

/** Texts that hold names to hide, names that stay, and characters of two units. */
const texts = fc
  .array(
    fc.constantFrom(
      'I am Claude. ',
      'As ChatGPT, I ',
      'I was made by Meta. ',
      'made by hand. ',
      'Claude ',
      'x',
      '😀',
      '\n',
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));
/** A text, and a part of it (or of what is shown of it) that is not empty. */
const withPart = (length: (raw: string) => number) =>
  texts
    .filter((raw) => raw !== '')
    .chain((raw) =>
      fc
        .tuple(fc.nat(length(raw) - 1), fc.nat(length(raw) - 1))
        .map(([a, b]) => ({ raw, part: { start: Math.min(a, b), end: Math.max(a, b) + 1 } })),
    );
const inRaw = withPart((raw) => raw.length);
const inShown = withPart((raw) => shown(raw).length);
const touch = (a: Span, b: Span) => a.start < b.end && b.start < a.end;
const holds = (a: Span, b: Span) => a.start <= b.start && b.end <= a.end;

/** A part grown to hold every name that it touches. */
function grown(part: Span, names: readonly Span[]): Span {
  const touched = names.filter((name) => touch(name, part));
  return {
    start: Math.min(part.start, ...touched.map(({ start }) => start)),
    end: Math.max(part.end, ...touched.map(({ end }) => end)),
  };
}

describe('parts of a text', () => {
  it('are found again, grown to hold every hidden name that they touch', () => {
    fc.assert(
      fc.property(inRaw, ({ raw, part }) => {
        const { toRaw, toShown } = maskSelfNames(raw);
        expect(toRaw(toShown(part))).toEqual(grown(part, selfNames(raw)));
      }),
    );
    fc.assert(
      fc.property(inShown, ({ raw, part }) => {
        const { toRaw, toShown } = maskSelfNames(raw);
        const placeholders = selfNames(raw).map(toShown);
        expect(toShown(toRaw(part))).toEqual(grown(part, placeholders));
      }),
    );
  });

  it('are within their text, not empty, and never hold a part of a name', () => {
    fc.assert(
      fc.property(inShown, ({ raw, part }) => {
        const masked = maskSelfNames(raw);
        const stored = masked.toRaw(part);
        expect(0 <= stored.start && stored.start < stored.end && stored.end <= raw.length).toBe(true);
        for (const name of selfNames(raw)) if (touch(name, stored)) expect(holds(stored, name)).toBe(true);
        const again = masked.toShown(stored);
        expect(holds(again, part)).toBe(true);
        // What is shown of the raw part is that part, with its names hidden.
        const hidden = selfNames(raw).filter((name) => holds(stored, name));
        const said = hidden.reduceRight(
          (text, { start, end }) => text.slice(0, start - stored.start) + HIDDEN_NAME + text.slice(end - stored.start),
          raw.slice(stored.start, stored.end),
        );
        expect(masked.text.slice(again.start, again.end)).toBe(said);
      }),
    );
  });

  it('keep their order', () => {
    fc.assert(
      fc.property(inRaw, ({ raw, part }) => {
        const { text, toShown } = maskSelfNames(raw);
        const whole = toShown({ start: 0, end: raw.length });
        expect(whole).toEqual({ start: 0, end: text.length });
        const before = toShown({ start: 0, end: part.start + 1 });
        expect(before.end).toBeLessThanOrEqual(toShown(part).end);
      }),
    );
  });

  it('are the same where nothing is hidden', () => {
    const { text, toRaw, toShown } = asWritten('I am Claude.');
    const part = { start: 6, end: 9 };
    expect([text, toRaw(part), toShown(part)]).toEqual(['I am Claude.', part, part]);
  });

  it('of a sentence whose name is hidden: what stands after it is found, and half of the name is all of it', () => {
    const raw = 'I am Claude. The bridge is old.';
    const masked = maskSelfNames(raw);
    const stored = (words: string) => {
      const start = masked.text.indexOf(words);
      const part = masked.toRaw({ start, end: start + words.length });
      return raw.slice(part.start, part.end);
    };
    expect(stored('bridge is')).toBe('bridge is');
    expect(stored('am [name')).toBe('am Claude');
    expect(stored('hidden]. The')).toBe('Claude. The');
  });
});

describe('what documents share with a response whose names are hidden', () => {
  it('does not tell the name', () => {
    const document = 'The page says: I am Claude. The old bridge was reopened.';
    const parts = (response: string) =>
      sharedSpans(document, response).map(({ start, end }) => document.slice(start, end));
    const raw = 'I am Claude. The old bridge was reopened.';
    expect(parts(raw).join()).toContain('Claude');
    expect(parts(shown(raw))).toEqual(['The old bridge was reopened']);
  });
});
