/**
 * Where a response says which model it is ("I am Claude", "As ChatGPT, I …", "a language model made by OpenAI"), and
 * how to show it without that. Display only: what is stored, and every offset that is stored, belongs to the raw text.
 * Careful rather than complete: a name is hidden only where the response speaks of itself.
 */
export type Span = readonly [start: number, end: number];

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
  const found = patterns.flatMap((pattern) => [...text.matchAll(pattern)].map((match) => match.indices![1]! as Span));
  const spans: Span[] = [];
  for (const span of found.sort((a, b) => a[0] - b[0] || b[1] - a[1])) {
    if (span[0] >= (spans.at(-1)?.[1] ?? 0)) spans.push(span);
  }
  return spans;
}

export interface Masked {
  text: string;
  /** From an offset in the text shown to one in the raw text; inside a mark: the name's start. */
  toRaw: (shown: number) => number;
  /** From an offset in the raw text to one in the text shown; inside a hidden name: the mark's start. */
  toShown: (raw: number) => number;
}

export function maskSelfNames(raw: string): Masked {
  const spans = selfNames(raw);
  let text = '';
  let end = 0;
  const marks = spans.map(([from, to]) => {
    text += raw.slice(end, from);
    const at = text.length;
    text += HIDDEN_NAME;
    end = to;
    return { raw: [from, to] as Span, shown: [at, text.length] as Span };
  });
  text += raw.slice(end);
  const across = (offset: number, from: 'raw' | 'shown', to: 'raw' | 'shown') => {
    const mark = marks.findLast((candidate) => candidate[from][0] < offset);
    if (!mark) return offset;
    return offset < mark[from][1] ? mark[to][0] : offset - mark[from][1] + mark[to][1];
  };
  return {
    text,
    toRaw: (offset) => across(offset, 'shown', 'raw'),
    toShown: (offset) => across(offset, 'raw', 'shown'),
  };
}
