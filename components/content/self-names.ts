import type { Span } from './shared-spans';

/**
 * Where a response says which model it is ("I am Claude", "As ChatGPT, I …", "a language model made by OpenAI"), and
 * how to show it without that. Display only: what is stored, and every offset that is stored, belongs to the raw text.
 * Careful rather than complete: a name is hidden only where the response speaks of itself.
 */
export const HIDDEN_NAME = '[name hidden]';

const edition = '(?:\\d[\\w.]*|Pro|Ultra|Opus|Sonnet|Haiku|Instant|Chat)';
// What stands apart begins with its sign: so there is one way only to read a name, however long it is.
const name =
  `(?:(?:Chat ?GPT|Claude|Gemini|Bard|LLaMA|Llama|Mi[sx]tral|Qwen|DeepSeek|Grok|Copilot|Bing|Alpaca|Vicuna|PaLM|Ernie)(?:[ -]?${edition})?(?:[ -]${edition})*` +
  `|GPT-?\\d[\\w.-]*(?: ${edition})*)`;
const maker =
  '(?:Open ?AI|Anthropic|Google(?: DeepMind)?|DeepMind|Meta(?: AI)?|Mistral AI|Alibaba(?: Cloud)?|Microsoft|xAI|DeepSeek|Cohere|Baidu)';
const made = '(?:developed|created|made|built|trained|designed)';

/** The name is the first group. */
const named = [
  // "I am Claude." "My name is Bard, a …": what follows must not be a surname or a verb.
  new RegExp(
    `\\b(?:[Ii] am|[Ii]['’]m|[Mm]y name is|[Cc]all me)(?: called)? (${name})(?=[.,;:!?)\\n]|$| (?:an?|from|${made})\\b)`,
    'gd',
  ),
  // "As ChatGPT, I …"
  new RegExp(`\\b[Aa]s (${name})(?=, (?:I|an?|my|${made})\\b)`, 'gd'),
];

/** The maker is the first group; it counts where `speaker` stands shortly before it, with no `stop` in between. */
const makers = [
  // "I was made by OpenAI", "As an AI language model developed by OpenAI", "I am X, trained by Y"
  {
    maker: new RegExp(`\\b${made} by (${maker})\\b`, 'gd'),
    speaker: /\b(?:[Aa]s|I am|I['’]m|I was) /,
    within: 90,
    stop: /[.!?\n]/,
  },
  // "As an AI by OpenAI", "I am a large language model from Google"
  {
    maker: new RegExp(`(?:AI|model|assistant|chatbot) (?:by|from) (${maker})\\b`, 'gd'),
    speaker: /\b(?:[Aa]s|I am|I['’]m) an? /,
    within: 50,
    stop: /[.!?,\n]/,
  },
];

/** The names to hide, in order, none overlapping another. */
export function selfNames(text: string): Span[] {
  const found = [
    ...named.flatMap((pattern) => [...text.matchAll(pattern)]),
    ...makers.flatMap(({ maker, speaker, within, stop }) =>
      [...text.matchAll(maker)].filter(({ index }) =>
        speaker.test(
          text
            .slice(Math.max(0, index - within), index)
            .split(stop)
            .at(-1)!,
        ),
      ),
    ),
  ].map((match) => match.indices![1]!);
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
