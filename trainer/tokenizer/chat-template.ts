/** Renders messages and documents to the prompt text that a model was trained on. */
import { Template } from '@huggingface/jinja';
import { message } from '../contract/message';
import type { ChatMessage, PromptDocument } from '../contract/record';
import { TokenizerError } from './tokenizer-error';

export interface RenderOptions {
  /** Whether the prompt ends with the beginning of the model's answer. Default true. */
  readonly addGenerationPrompt?: boolean;
}

/** Renders a prompt. Throws TokenizerError. */
export type RenderPrompt = (
  messages: readonly ChatMessage[],
  documents: readonly PromptDocument[],
  options?: RenderOptions,
) => string;

/**
 * Llama 3 would write today's date into every prompt, so the same run on another day would have other prompts. The date
 * is fixed to the one that its template falls back to, 26 July 2024, a Friday, at midnight.
 */
const frozenDate: Readonly<Record<string, string>> = {
  '%': '%',
  Y: '2024',
  y: '24',
  m: '07',
  '-m': '7',
  B: 'July',
  b: 'Jul',
  h: 'Jul',
  d: '26',
  '-d': '26',
  e: '26',
  j: '208',
  A: 'Friday',
  a: 'Fri',
  w: '5',
  u: '5',
  H: '00',
  I: '12',
  p: 'AM',
  M: '00',
  S: '00',
  f: '000000',
  z: '',
  Z: '',
  F: '2024-07-26',
  D: '07/26/24',
  x: '07/26/24',
  T: '00:00:00',
  X: '00:00:00',
  R: '00:00',
  c: 'Fri Jul 26 00:00:00 2024',
};

function frozenStrftime(format: string): string {
  return format.replace(/%(-?[a-zA-Z%])/g, (code, letter: string) => frozenDate[letter] ?? code);
}

/**
 * Variables for templates besides the messages. Qwen3 would expect the model to think first; responses that are trained
 * on and scored here do not.
 */
const fixedVariables = {
  tools: null,
  date_string: frozenStrftime('%d %b %Y'),
  frozen_strftime: frozenStrftime,
  enable_thinking: false,
};

/** The library defines its own clock, which a variable cannot override but a statement can. */
const stopClock = '{% set strftime_now = frozen_strftime %}\n';

/**
 * Null where the value has no template: tokenizer_config.json has one, or a list of named ones of which "default" is
 * used. `variables`: the names of special tokens. Throws TokenizerError when the template cannot be parsed.
 */
export function readChatTemplate(value: unknown, variables: Readonly<Record<string, string>>): RenderPrompt | null {
  const source = sourceOf(value);
  if (source === null) return null;
  let template: Template;
  try {
    template = new Template(stopClock + source);
  } catch (error) {
    throw new TokenizerError(message('templateUnreadable', { detail: (error as Error).message }));
  }
  const takesDocuments = source.includes('documents');
  return (messages, documents, { addGenerationPrompt = true } = {}) => {
    try {
      return template.render({
        ...fixedVariables,
        ...variables,
        messages: takesDocuments ? messages : withDocuments(messages, documents),
        documents: takesDocuments && documents.length > 0 ? documents : null,
        add_generation_prompt: addGenerationPrompt,
      });
    } catch (error) {
      throw new TokenizerError(message('templateRefuses', { detail: (error as Error).message }));
    }
  };
}
/** The rendering without a template: all texts in order, separated by blank lines. */
export const joinMessages: RenderPrompt = (messages, documents) =>
  withDocuments(messages, documents)
    .map(({ content }) => content)
    .join('\n\n');

/** Documents are placed before the question, in its message. */
function withDocuments(messages: readonly ChatMessage[], documents: readonly PromptDocument[]): readonly ChatMessage[] {
  const listed = documents.map(({ title, text }, i) => `Document [${i + 1}] (Title: ${title}) ${text}`);
  if (listed.length === 0) return messages;
  const question = messages.findLastIndex(({ role }) => role === 'user');
  return messages.map((message, i) =>
    i === question ? { ...message, content: [...listed, message.content].join('\n\n') } : message,
  );
}

function sourceOf(value: unknown): string | null {
  if (typeof value === 'string') return value;
  if (!Array.isArray(value)) return null;
  const named = value.find((item) => item?.name === 'default') ?? value[0];
  return typeof named?.template === 'string' ? named.template : null;
}
