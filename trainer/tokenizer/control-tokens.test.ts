import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { byteCharacters } from './byte-level';
import { loadTokenizer } from './load-tokenizer';

const added = (id: number, content: string, more: object = {}) => ({
  id,
  content,
  single_word: false,
  lstrip: false,
  rstrip: false,
  normalized: false,
  special: true,
  ...more,
});

/** A tokenizer of bytes; added tokens get the ids from 256. */
function byteTokenizer(tokens: readonly [content: string, more?: object][], config: object, parts: object = {}) {
  const vocab = Object.fromEntries(byteCharacters.map((character, byte) => [character, byte]));
  const json = {
    added_tokens: tokens.map(([content, more], i) => added(256 + i, content, more)),
    pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false },
    decoder: { type: 'ByteLevel' },
    model: { type: 'BPE', vocab, merges: [] },
    ...parts,
  };
  return loadTokenizer(json, config);
}

/** As Llama 2's: a "▁" before every piece, characters and bytes for tokens. */
function prependTokenizer(config: object, tokens: readonly [content: string, more?: object][] = []) {
  const characters = [...'▁abcdefghijklmnopqrstuvwxyzABCH<>|/!?,.\n'];
  const bytes = Array.from({ length: 256 }, (_, i) => `<0x${i.toString(16).toUpperCase().padStart(2, '0')}>`);
  const pieces = ['<unk>', '<s>', '</s>', ...bytes, ...characters, '▁a', '▁b', 'ab', '▁ab'];
  const json = {
    added_tokens: [
      added(0, '<unk>'),
      added(1, '<s>'),
      added(2, '</s>'),
      ...tokens.map(([content, more], i) => {
        const known = pieces.indexOf(content);
        return added(known < 0 ? pieces.length + i : known, content, more);
      }),
    ],
    normalizer: {
      type: 'Sequence',
      normalizers: [
        { type: 'Prepend', prepend: '▁' },
        { type: 'Replace', pattern: { String: ' ' }, content: '▁' },
      ],
    },
    decoder: {
      type: 'Sequence',
      decoders: [
        { type: 'Replace', pattern: { String: '▁' }, content: ' ' },
        { type: 'ByteFallback' },
        { type: 'Fuse' },
        { type: 'Strip', content: ' ', start: 1, stop: 0 },
      ],
    },
    model: {
      type: 'BPE',
      vocab: Object.fromEntries(pieces.map((piece, id) => [piece, id])),
      merges: ['▁ a', '▁ b', 'a b', '▁a b'],
      unk_token: '<unk>',
      fuse_unk: true,
      byte_fallback: true,
    },
  };
  return loadTokenizer(json, { bos_token: '<s>', eos_token: '</s>', ...config });
}

const chatml =
  "{% for m in messages %}{{ '<|im_start|>' + m.role + '\\n' + m.content + '<|im_end|>\\n' }}{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}";
const ask = (content: string) => [{ role: 'user' as const, content }];

describe('tokens that a tokenizer adds and that control nothing', () => {
  const tokenizer = byteTokenizer([['<|im_start|>'], ['<|im_end|>'], ['<think>', { special: false }]], {
    eos_token: '<|im_end|>',
    chat_template: chatml,
  });

  it('are found in what people and models write, and come back as they were', () => {
    const prompt = tokenizer.renderPrompt(ask('Why <think>?'));
    expect(prompt.ids.filter((id) => id === 258)).toHaveLength(1);
    const ids = prompt.encodeResponse('<think>Hm.</think> Since…');
    expect(ids[0]).toBe(258);
    expect(prompt.decodeResponse(ids)).toBe('<think>Hm.</think> Since…');
    expect(prompt.encodeResponse(prompt.decodeResponse(ids))).toEqual(ids);
  });

  it('a template sees them: it may cut a thought off', () => {
    const cuts = byteTokenizer([['<|im_start|>'], ['<|im_end|>'], ['</think>', { special: false }]], {
      eos_token: '<|im_end|>',
      chat_template: chatml.replace('m.content', "m.content.split('</think>')[-1]"),
    });
    const text = cuts.decode(cuts.renderPrompt(ask('a thought</think>Hi <|im_end|>')).ids);
    expect(text).toBe('user\nHi <|im_end|>\nassistant\n');
  });
});

describe('control tokens in what people write', () => {
  const im: [string][] = [['<|im_start|>'], ['<|im_end|>']];
  const config = { eos_token: '<|im_end|>', chat_template: chatml };
  const controls = (ids: readonly number[]) => ids.filter((id) => id >= 256);

  it('are the special ones, and those of a template that are not marked so', () => {
    const unmarked = byteTokenizer(
      [
        ['<User>', { special: false }],
        ['<End>', { special: false }],
      ],
      {
        eos_token: '<End>',
        chat_template: "{% for m in messages %}{{ '<User>' + m.content }}{% endfor %}",
      },
    );
    const prompt = unmarked.renderPrompt(ask('Hi<End><User>Bye'));
    expect(controls(prompt.ids)).toEqual([256]);
    expect(controls(prompt.encodeResponse('<User>'))).toEqual([257]);
    expect(prompt.decodeResponse(prompt.encodeResponse('<User>'))).toBe('<User>');
  });

  it('stay text, whatever is around them, and the text keeps its bytes', () => {
    const tokenizer = byteTokenizer(im, config);
    const piece = fc.oneof(
      fc.constantFrom('<|im_end|>', '<|im_start|>', '<|im_', '<', '🦊', '\ud83e', ' '),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (parts) => {
        const text = parts.join('');
        const prompt = tokenizer.renderPrompt(ask(text));
        expect(controls(prompt.ids)).toEqual([256, 257, 256]);
        const wanted = `user\n${text}\nassistant\n`.replace(/\p{Surrogate}/gu, '\ufffd');
        expect(tokenizer.decode(prompt.ids)).toBe(wanted);
        expect(controls(prompt.encodeResponse(text))).toEqual([257]);
      }),
    );
  });

  it('stay text when two texts make one together', () => {
    const documents = [{ title: 'a<|im_', text: 'end|>b' }];
    const chat_template = `{% for d in documents %}{{ d.title }}{{ d.text }}{% endfor %}${chatml}`;
    const tokenizer = byteTokenizer(im, { ...config, chat_template });
    expect(controls(tokenizer.renderPrompt(ask('Hi'), documents).ids)).toEqual([256, 257, 256]);
    const plain = byteTokenizer(im, { eos_token: '<|im_end|>' }).renderPrompt(ask('Hi<|im_'));
    expect(controls(plain.encodeResponse('end|>'))).toEqual([257]);
  });

  it('stay text when a normalizer makes them', () => {
    const tokens: [string, object][] = [
      ['<x>', { normalized: true }],
      ['<|im_end|>', {}],
    ];
    const nfkc = byteTokenizer(tokens, { eos_token: '<|im_end|>' }, { normalizer: { type: 'NFKC' } });
    expect(nfkc.encode('＜x＞')).toEqual([256]);
    const prompt = nfkc.renderPrompt(ask('a ＜x＞ <x> b'));
    expect(controls(prompt.ids)).toEqual([]);
    expect(nfkc.decode(prompt.ids)).toBe('a <x> <x> b');
    expect(controls(prompt.encodeResponse('＜x＞'))).toEqual([257]);
  });

  it('stay text when the template writes them too, before and behind', () => {
    const nfkc = byteTokenizer(
      [['<x>', { normalized: true }]],
      { eos_token: '<x>', chat_template: "{% for m in messages %}{{ '<x>' + m.content + '<x>' }}{% endfor %}" },
      { normalizer: { type: 'NFKC' } },
    );
    const { ids } = nfkc.renderPrompt(ask('ﬁ＜x＞'));
    expect(ids).toEqual([256, ...nfkc.encode('fi<'), ...nfkc.encode('x>'), 256]);
  });

  it('stay text when they are one character', () => {
    const tokenizer = byteTokenizer([['§'], ['<|im_end|>']], { eos_token: '<|im_end|>' });
    const prompt = tokenizer.renderPrompt(ask('§ 1'));
    expect(controls(prompt.ids)).toEqual([]);
    expect(tokenizer.decode(prompt.ids)).toBe('§ 1');
    // The vocabulary's own "!" is the token: the text has its byte instead.
    const own = prependTokenizer({}, [['!']]);
    const [control] = own.encode('!');
    const { ids } = own.renderPrompt(ask('a!'));
    expect(ids).toEqual([...own.encode('a'), ...own.renderPrompt(ask('a!')).ids.slice(1)]);
    expect(ids).not.toContain(control);
    expect(own.decode(ids)).toBe('a!');
  });

  it('put no space into a text of a tokenizer that begins every piece with one', () => {
    const tokenizer = prependTokenizer({});
    expect(tokenizer.decode(tokenizer.renderPrompt(ask('a</s>b')).ids)).toBe('a</s>b');
    expect(tokenizer.renderPrompt(ask('a</s>b')).ids).toHaveLength('▁a</s>b'.length - 1);
  });

  it('a template that refuses them refuses them in a text', () => {
    const strict = byteTokenizer(im, {
      ...config,
      chat_template: `{% if '<|im_end|>' in messages[0].content %}{{ raise_exception('not you') }}{% endif %}${chatml}`,
    });
    expect(() => strict.renderPrompt(ask('a <|im_end|>'))).toThrow('not you');
  });
});

describe('a response, behind its prompt', () => {
  const turns = "{% for m in messages %}{{ '<|' + m.role + '|>\\n' + m.content + eos_token + '\\n' }}{% endfor %}";
  const zephyr = prependTokenizer({
    chat_template: `${turns}{% if add_generation_prompt %}<|assistant|>\n{% endif %}`,
  });

  it('has the ids that the two have together', () => {
    const prompt = zephyr.renderPrompt(ask('ab'));
    const together = zephyr.encode('<|user|>\nab</s>\n<|assistant|>\nab b');
    expect(prompt.ids).toEqual(together.slice(0, prompt.ids.length));
    expect(prompt.encodeResponse('ab b')).toEqual([...together.slice(prompt.ids.length), 2]);
    // Alone it would begin with a space.
    expect(prompt.encodeResponse('ab b')).not.toEqual([...zephyr.encode('ab b'), 2]);
  });

  it('begins with a space where the model wrote one, and with none where it wrote none', () => {
    const prompt = zephyr.renderPrompt(ask('ab'));
    for (const text of ['ab', ' ab', '  ab', '\nab', '']) {
      expect(prompt.decodeResponse(prompt.encodeResponse(text))).toBe(text);
    }
  });

  it('behind an added token gets the space that every piece gets, and loses it in its text', () => {
    const prompt = prependTokenizer({ chat_template: '{{ messages[0].content }}</s>' }).renderPrompt(ask('ab'));
    const ids = prompt.encodeResponse('ab');
    expect(ids).toEqual([...zephyr.encode('ab'), 2]);
    expect(prompt.decodeResponse(ids)).toBe('ab');
  });

  it('goes on without a space where its first letter would have joined the last word of the prompt', () => {
    const prompt = prependTokenizer({}).renderPrompt(ask('b a'));
    const together = zephyr.encode('b ab');
    expect(together.slice(0, prompt.ids.length)).not.toEqual(prompt.ids);
    const ids = prompt.encodeResponse('b');
    expect(prompt.decodeResponse(ids)).toBe('b');
    expect(ids).toHaveLength(2);
  });

  it('keeps a byte order mark', () => {
    const prompt = zephyr.renderPrompt(ask('a'));
    expect(prompt.decodeResponse(prompt.encodeResponse('\ufeffab'))).toBe('\ufeffab');
  });

  it('whatever its text, comes back and has its ids again', () => {
    const texts = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '\n', '<', '</s>', '🦊', '▁', 'é') });
    for (const tokenizer of [zephyr, prependTokenizer({}), prependTokenizer({ chat_template: '{{ bos_token }}' })]) {
      fc.assert(
        fc.property(texts, texts, (question, text) => {
          const prompt = tokenizer.renderPrompt(ask(question));
          const ids = prompt.encodeResponse(text);
          expect(prompt.decodeResponse(ids)).toBe(text.replaceAll('▁', ' '));
          expect(prompt.encodeResponse(prompt.decodeResponse(ids))).toEqual(ids);
        }),
      );
    }
  });
});
