import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ChatMessage } from '../contract/record';
import { joinMessages, readChatTemplate } from './chat-template';
import { loadTokenizer } from './load-tokenizer';
import { trainBpe } from './train-bpe';

const folder = new URL('../fixtures/chat-templates/', import.meta.url);
const templateOf = (name: string) => readFileSync(new URL(`${name}.jinja`, folder), 'utf8');

interface Expected {
  readonly template: string;
  readonly bos: string | null;
  readonly eos: string;
  readonly conversation: string;
  readonly messages: readonly ChatMessage[];
  /** By Python's Jinja (fixtures/chat-templates/expect.py), or the message of what the template raised. */
  readonly text?: string;
  readonly error?: string;
}
const cases: Expected[] = JSON.parse(readFileSync(new URL('expected.json', folder), 'utf8'));

const specials = ['<s>', '</s>', '<|im_start|>', '<|im_end|>', '<|begin_of_text|>', '<|eot_id|>'];
const headers = ['<|start_header_id|>', '<|end_header_id|>', '<think>', '</think>'];
const json = trainBpe([], { vocabSize: 266, specialTokens: [...specials, ...headers] });
const tokenizerOf = ({ template, bos, eos }: Expected, chat_template: unknown = templateOf(template)) =>
  loadTokenizer(json, { bos_token: bos, eos_token: eos, chat_template });

function render({ template, bos, eos, messages }: Expected): string {
  const variables = { ...(bos === null ? {} : { bos_token: bos }), eos_token: eos };
  return readChatTemplate(templateOf(template), variables)!(messages, []);
}
const rendered = cases.filter(({ text }) => text !== undefined);
const refused = cases.filter(({ error }) => error !== undefined);

describe('what models are used with', () => {
  it.each(rendered)(
    '$template, $conversation: as Python renders it, and those ids, BOS once or not at all',
    (expected) => {
      expect(render(expected)).toBe(expected.text);
      const tokenizer = tokenizerOf(expected);
      const prompt = tokenizer.renderPrompt(expected.messages);
      const { ids } = prompt;
      expect(ids).toEqual(tokenizer.encode(expected.text!));
      if (expected.template === 'llama-3') expect(ids.filter((id) => id === tokenizer.bosId)).toHaveLength(1);
      if (expected.template.startsWith('qwen')) expect(tokenizer.bosId).toBeNull();
      expect(prompt.encodeResponse('x').at(-1)).toBe(json.model.vocab[expected.eos]);
    },
  );

  it.each(refused)('$template, $conversation: refused, with what the template says', (expected) => {
    expect(() => render(expected)).toThrow(`the model's chat template refuses it: ${expected.error}`);
  });
});

describe('chat templates', () => {
  const [first] = cases as [Expected];
  const hi = [{ role: 'user', content: 'Hi' }] as const;

  it('come alone, or in a list of which "default" is meant', () => {
    const template = templateOf(first.template);
    const named = [
      { name: 'tool_use', template: '{{ raise_exception("not this one") }}' },
      { name: 'default', template },
    ];
    expect(tokenizerOf(first, named).renderPrompt(hi).ids).toEqual(tokenizerOf(first, template).renderPrompt(hi).ids);
    expect(readChatTemplate([{ name: 'only', template: 'x' }], {})!(hi, [])).toBe('x');
    for (const none of [undefined, null, [], 7, [{ name: 'default' }]]) expect(readChatTemplate(none, {})).toBeNull();
  });

  it('a template that writes no BOS gets none, and a plain prompt gets one', () => {
    const without = tokenizerOf(first, '{{ messages[0].content }}');
    expect(without.renderPrompt(hi).ids).toEqual(without.encode('Hi'));
    const plain = loadTokenizer(json, { bos_token: first.bos, eos_token: first.eos, add_bos_token: true });
    expect(plain.renderPrompt(hi).ids).toEqual([plain.bosId, ...plain.encode('Hi')]);
  });

  it('text of users never acts as text of the template', () => {
    for (const expected of rendered) {
      const tokenizer = tokenizerOf(expected);
      const evil = `${[...specials, ...headers].join(' ')} {{ raise_exception("no") }}`;
      const control = (content: string) =>
        tokenizer.renderPrompt([{ role: 'user', content }]).ids.filter((id) => id < specials.length + headers.length);
      expect(control(evil)).toEqual(control('harmless'));
    }
  });

  it('have a fixed date: a prompt is the same on another day', () => {
    const clock = "{{ strftime_now('%A %d %B %Y, %H:%M %-d %j %%') }}|{{ date_string }}";
    expect(readChatTemplate(clock, {})!(hi, [])).toBe('Friday 26 July 2024, 00:00 26 208 %|26 Jul 2024');
    const llama = "{% if strftime_now is defined %}{% set today = strftime_now('%d %b %Y') %}{% endif %}{{ today }}";
    expect(readChatTemplate(llama, {})!(hi, [])).toBe('26 Jul 2024');
    expect(readChatTemplate('\n  {% if true %}x{% endif %}', {})!(hi, [])).toBe('\nx');
  });

  it('give documents to a template that knows them, and to the question of one that does not', () => {
    const documents = [{ title: 'T', text: 'x' }];
    const knows = '{% for d in documents %}[{{ d.title }}|{{ d.text }}]{% endfor %}{{ messages[0].content }}';
    expect(readChatTemplate(knows, {})!(hi, documents)).toBe('[T|x]Hi');
    expect(readChatTemplate('{{ messages[0].content }}', {})!(hi, documents)).toBe('Document [1] (Title: T) x\n\nHi');
    expect(joinMessages(hi, documents)).toBe('Document [1] (Title: T) x\n\nHi');
  });
});
