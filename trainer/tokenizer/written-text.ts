/**
 * A prompt as text, and which parts of it people wrote: there, no control token may be found. A document could speak as
 * the user, a response could end itself.
 */

import type { ChatMessage, PromptDocument } from '../contract/record';
import type { RenderPrompt } from './chat-template';

/** From start to before end, in UTF-16 units. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface WrittenText {
  readonly text: string;
  /** Where people spelled a control token. */
  readonly written: readonly Span[];
}

/** A control token in a text, and a part of the text that it lies in: a normalizer may have made it of other signs. */
export interface SpelledControl extends Span {
  readonly token: string;
}

/** In their order. */
export type FindControls = (text: string) => readonly SpelledControl[];

const privateUse = 0xf0000;

/**
 * The template always gets to see the texts as they are. Only when one of them spells a control token it is rendered
 * once more, with a character of private use in that token's place: then it is known where people wrote it. What the
 * template made of the true texts is kept where it left none of their control tokens (it may cut a thought off at
 * `</think>`); otherwise the spellings are put back where their characters stand.
 */
export function renderWritten(
  render: RenderPrompt,
  messages: readonly ChatMessage[],
  documents: readonly PromptDocument[],
  controlsIn: FindControls,
): WrittenText {
  const text = render(messages, documents);
  const texts = [
    ...documents.flatMap((document) => [document.title, document.text]),
    ...messages.map(({ content }) => content),
  ];
  const stand = standIns(texts, controlsIn);
  if (stand.spellings.size === 0) return { text, written: [] };
  const framed = render(
    messages.map(({ role, content }) => ({ role, content: stand.of(content) })),
    documents.map((document) => ({ title: stand.of(document.title), text: stand.of(document.text) })),
  );
  const tokens = (one: string) => controlsIn(one).map(({ token }) => token);
  return tokens(text).join('\0') === tokens(framed).join('\0')
    ? { text, written: [] }
    : putBack(framed, stand.spellings);
}

interface StandIns {
  /** The text with a character of private use for each part that spells a control token. */
  of(text: string): string;
  /** What each of these characters stands for. */
  readonly spellings: ReadonlyMap<string, string>;
}

function standIns(texts: readonly string[], controlsIn: FindControls): StandIns {
  const spans = new Map<string, readonly Span[]>();
  for (const text of texts) {
    const spelled = controlsIn(text);
    if (spelled.length > 0) spans.set(text, spelled);
  }
  // Two texts may spell one together, where the template puts nothing between them.
  texts.slice(1).forEach((text, i) => {
    const before = texts[i] as string;
    const apart = controlsIn(before).length + controlsIn(text).length;
    if (controlsIn(before + text).length === apart) return;
    for (const one of [before, text]) spans.set(one, [{ start: 0, end: one.length }]);
  });
  const characters = freeCharacters(texts);
  const spellings = new Map<string, string>();
  const standing = new Map<string, string>();
  for (const [text, parts] of spans) {
    let done = 0;
    let replaced = '';
    for (const { start, end } of parts) {
      const character = characters.next().value as string;
      spellings.set(character, text.slice(start, end));
      replaced += text.slice(done, start) + character;
      done = end;
    }
    standing.set(text, replaced + text.slice(done));
  }
  return { of: (text) => standing.get(text) ?? text, spellings };
}

/** Characters of private use that none of the texts holds. */
function* freeCharacters(texts: readonly string[]): Generator<string> {
  for (let code = privateUse; ; code++) {
    const character = String.fromCodePoint(code);
    if (!texts.some((text) => text.includes(character))) yield character;
  }
}

function putBack(framed: string, spellings: ReadonlyMap<string, string>): WrittenText {
  const written: Span[] = [];
  let text = '';
  for (const character of framed) {
    const spelling = spellings.get(character);
    if (spelling !== undefined) written.push({ start: text.length, end: text.length + spelling.length });
    text += spelling ?? character;
  }
  return { text, written };
}
