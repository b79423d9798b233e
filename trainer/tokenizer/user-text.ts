/**
 * Renders a prompt and finds the spans that users wrote, where no control token may be found: otherwise a document
 * could pose as the user, or a response could end itself.
 */

import type { ChatMessage, PromptDocument } from '../contract/record';
import type { RenderPrompt } from './chat-template';

/** UTF-16 offsets [start, end). */
export interface TextSpan {
  readonly start: number;
  readonly end: number;
}

export interface RenderedText {
  readonly text: string;
  /** Spans in which users spelled a control token. */
  readonly written: readonly TextSpan[];
}

/** A control token in a text, and the span that produces it, possibly only after normalization. */
export interface ControlTokenSpan extends TextSpan {
  readonly token: string;
}

/** Finds control tokens, in their order. */
export type FindControlTokens = (text: string) => readonly ControlTokenSpan[];

const privateUse = 0xf0000;

/**
 * The template always sees the original texts. Only when one of them spells a control token, the prompt is rendered
 * again with a private-use character in that token's place, which shows where users wrote it. If the template has
 * removed all such tokens from the original texts (it may drop a thought that ends with `</think>`), that rendering is
 * used; otherwise the spellings replace their characters in the second one.
 */
export function renderUserText(
  render: RenderPrompt,
  messages: readonly ChatMessage[],
  documents: readonly PromptDocument[],
  controlTokensIn: FindControlTokens,
): RenderedText {
  const text = render(messages, documents);
  const texts = [
    ...documents.flatMap((document) => [document.title, document.text]),
    ...messages.map(({ content }) => content),
  ];
  const substituted = placeholders(texts, controlTokensIn);
  if (substituted.spellings.size === 0) return { text, written: [] };
  const framed = render(
    messages.map(({ role, content }) => ({ role, content: substituted.of(content) })),
    documents.map((document) => ({ title: substituted.of(document.title), text: substituted.of(document.text) })),
  );
  const tokens = (one: string) => controlTokensIn(one).map(({ token }) => token);
  return tokens(text).join('\0') === tokens(framed).join('\0')
    ? { text, written: [] }
    : restoreSpellings(framed, substituted.spellings);
}

interface Placeholders {
  /** The text with a private-use character for each span that spells a control token. */
  of(text: string): string;
  /** The spelling that each of these characters replaces. */
  readonly spellings: ReadonlyMap<string, string>;
}

function placeholders(texts: readonly string[], controlTokensIn: FindControlTokens): Placeholders {
  const spans = new Map<string, readonly TextSpan[]>();
  for (const text of texts) {
    const spelled = controlTokensIn(text);
    if (spelled.length > 0) spans.set(text, spelled);
  }
  // Two adjacent texts may spell a token together, where the template puts nothing between them.
  texts.slice(1).forEach((text, i) => {
    const before = texts[i] as string;
    const apart = controlTokensIn(before).length + controlTokensIn(text).length;
    if (controlTokensIn(before + text).length === apart) return;
    for (const one of [before, text]) spans.set(one, [{ start: 0, end: one.length }]);
  });
  const characters = freeCharacters(texts);
  const spellings = new Map<string, string>();
  const replacements = new Map<string, string>();
  for (const [text, parts] of spans) {
    let done = 0;
    let replaced = '';
    for (const { start, end } of parts) {
      const character = characters.next().value as string;
      spellings.set(character, text.slice(start, end));
      replaced += text.slice(done, start) + character;
      done = end;
    }
    replacements.set(text, replaced + text.slice(done));
  }
  return { of: (text) => replacements.get(text) ?? text, spellings };
}

/** Private-use characters that none of the texts contains. */
function* freeCharacters(texts: readonly string[]): Generator<string> {
  for (let code = privateUse; ; code++) {
    const character = String.fromCodePoint(code);
    if (!texts.some((text) => text.includes(character))) yield character;
  }
}

function restoreSpellings(framed: string, spellings: ReadonlyMap<string, string>): RenderedText {
  const written: TextSpan[] = [];
  let text = '';
  for (const character of framed) {
    const spelling = spellings.get(character);
    if (spelling !== undefined) written.push({ start: text.length, end: text.length + spelling.length });
    text += spelling ?? character;
  }
  return { text, written };
}
