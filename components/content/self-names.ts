import type { Span } from './shared-spans';

/**
 * Where a response says which model it is ("I am Claude", "As ChatGPT, I …", "a language model made by OpenAI"), and
 * how to show it without that. Display only: what is stored, and every offset that is stored, belongs to the raw text.
 * Careful rather than complete: a name is hidden only where the response speaks of itself.
 */
export const HIDDEN_NAME = '[name hidden]';

const name =
  '(?:Chat ?GPT|GPT-?\\d[\\w.-]*|Claude|Gemini|Bard|LLaMA|Llama|Mi[sx]tral|Qwen|DeepSeek|Grok|Copilot|Bing|Alpaca|Vicuna|PaLM|Ernie)' +
  '(?:[ -]?(?:\\d[\\w.]*|Pro|Ultra|Opus|Sonnet|Haiku|Instant|Chat))*';
const maker =
  '(?:Open ?AI|Anthropic|Google(?: DeepMind)?|DeepMind|Meta(?: AI)?|Mistral AI|Alibaba(?: Cloud)?|Microsoft|xAI|DeepSeek|Cohere|Baidu)';
const made = '(?:developed|created|made|built|trained|designed)';

const patterns = [
  // "I am Claude." "My name is Bard, a …": what follows must not be a surname or a verb.
  new RegExp(
    `\\b(?:[Ii] am|[Ii]['’]m|[Mm]y name is|[Cc]all me)(?: called)? (${name})(?=[.,;:!?)\\n]|$| (?:an?|from|${made})\\b)`,
    'gd',
  ),
  // "As ChatGPT, I …"
  new RegExp(`\\b[Aa]s (${name})(?=, (?:I|an?|my|${made})\\b)`, 'gd'),
  // "I was made by OpenAI", "As an AI language model developed by OpenAI", "I am X, trained by Y"
  new RegExp(`\\b(?:[Aa]s|I am|I['’]m|I was) [^.!?\\n]{0,80}?\\b${made} by (${maker})\\b`, 'gd'),
  // "As an AI by OpenAI", "I am a large language model from Google"
  new RegExp(
    `\\b(?:[Aa]s|I am|I['’]m) an? [^.!?,\\n]{0,40}?(?:AI|model|assistant|chatbot) (?:by|from) (${maker})\\b`,
    'gd',
  ),
];

/** The names to hide, in order, none overlapping another. */
export function selfNames(text: string): Span[] {
  const found = patterns.flatMap((pattern) => [...text.matchAll(pattern)].map((match) => match.indices![1]!));
  const spans: Span[] = [];
  for (const [start, end] of found.sort((a, b) => a[0] - b[0] || b[1] - a[1])) {
    if (start >= (spans.at(-1)?.end ?? 0)) spans.push({ start, end });
  }
  return spans;
}

/** A text as it is shown, and where its parts are in the text as it is stored. */
export interface ShownText {
  text: string;
  /** From a part of the text shown to that of the raw text. A name that it touches is in it as a whole. */
  toRaw: (shown: Span) => Span;
  /** From a part of the raw text to that of the text shown. A name that it touches is hidden in it as a whole. */
  toShown: (raw: Span) => Span;
}

export function maskSelfNames(raw: string, hidden = HIDDEN_NAME): ShownText {
  let text = '';
  let end = 0;
  const names = selfNames(raw).map((name) => {
    text += raw.slice(end, name.start);
    const start = text.length;
    text += hidden;
    end = name.end;
    return { raw: name, shown: { start, end: text.length } };
  });
  text += raw.slice(end);
  const carry = ({ start, end }: Span, from: 'raw' | 'shown', to: 'raw' | 'shown'): Span => {
    const move = (offset: number, edge: 'start' | 'end') => {
      const name = names.findLast((candidate) => candidate[from].start < offset);
      if (!name) return offset;
      return offset < name[from].end ? name[to][edge] : offset - name[from].end + name[to].end;
    };
    return { start: move(start, 'start'), end: move(end, 'end') };
  };
  return { text, toRaw: (span) => carry(span, 'shown', 'raw'), toShown: (span) => carry(span, 'raw', 'shown') };
}

/** The text with nothing hidden. */
export function asWritten(text: string): ShownText {
  return { text, toRaw: (span) => span, toShown: (span) => span };
}
