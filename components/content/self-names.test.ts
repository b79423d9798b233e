import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HIDDEN_NAME, maskSelfNames, selfNames } from './self-names';

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

describe('offsets', () => {
  it('lead from the raw text to the text shown and back, whatever is hidden', () => {
    const pieces = fc.constantFrom('I am Claude. ', 'As ChatGPT, I ', 'made by hand. ', 'x', '😀', '\n');
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
        const raw = parts.join('');
        const { text, toRaw, toShown } = maskSelfNames(raw);
        const hidden = selfNames(raw);
        for (let at = 0; at <= raw.length; at++) {
          if (hidden.some(([from, to]) => at > from && at < to)) continue;
          expect(toRaw(toShown(at))).toBe(at);
          const visible = hidden.every(([from, to]) => at < from || at >= to);
          if (visible && at < raw.length) expect(text[toShown(at)]).toBe(raw[at]);
        }
        expect(text.split(HIDDEN_NAME)).toHaveLength(hidden.length + 1);
      }),
    );
  });
});
