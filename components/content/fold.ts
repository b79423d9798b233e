import { displayWidth } from './text-width';
import { joinedAnswers, splitThinking, type TextPart } from './thinking';

/** Cards show this many lines of a long text before they are opened. */
const FOLD_LINES = 7;
/** Half-width characters that fit in a line of an ordinary card. */
const LINE = 64;
/** A folded text still fills the narrowest and the widest card. */
const PREVIEW_LINES = 26;

/**
 * Whether a text is long, and the part of it that a folded card draws. The preview ends at a line or a word and is
 * short whatever the text's length, so a folded card costs the same for ten words and ten thousand.
 */
export function foldText(text: string): { long: boolean; preview: string } {
  if (lineCount(text, FOLD_LINES) <= FOLD_LINES) return { long: false, preview: text };
  let lines = 0;
  let end = 0;
  for (const line of eachLine(text)) {
    const needs = linesOf(line);
    if (lines + needs > PREVIEW_LINES) {
      const room = Math.max(0, PREVIEW_LINES - lines) * LINE;
      return { long: true, preview: `${text.slice(0, end)}${cutAtWord(line, room)}`.trimEnd() };
    }
    lines += needs;
    end += line.length + 1;
  }
  return { long: true, preview: text };
}

/** The first line of an answer that says something, short and without the signs of Markdown before it. */
export function firstLine(response: string, thinkingTags: readonly string[]): string {
  const parts = splitThinking(response, thinkingTags);
  const { text } = parts.find(({ kind }) => kind === 'answer') ?? parts[0] ?? { text: '' };
  for (const line of eachLine(text.slice(0, 4000))) {
    const words = line.replace(/^[\s#>*\-+|`~]+/, '').trim();
    if (words !== '') return cutAtWord(words, 160);
  }
  return '';
}

/** The same of a response in parts: it is as long as what it answers, and previewed with the thinking before that. */
export function foldParts(parts: readonly TextPart[]): { long: boolean; preview: readonly TextPart[] } {
  const { long, preview } = foldText(joinedAnswers(parts));
  if (!long) return { long, preview: parts };
  let room = preview.length;
  const shown = parts.flatMap((part): TextPart[] => {
    if (room <= 0) return [];
    if (part.kind === 'thinking') return [part];
    const text = part.text.slice(0, room);
    room -= part.text.length + 1;
    return [{ ...part, text, end: part.start + text.length }];
  });
  return { long, preview: shown };
}

function* eachLine(text: string): Generator<string> {
  let start = 0;
  for (;;) {
    const end = text.indexOf('\n', start);
    yield end < 0 ? text.slice(start) : text.slice(start, end);
    if (end < 0) return;
    start = end + 1;
  }
}

function linesOf(line: string): number {
  return Math.max(1, Math.ceil(displayWidth(line) / LINE));
}

/** How many lines a text takes; stops counting beyond `enough`. */
export function lineCount(text: string, enough: number): number {
  let lines = 0;
  for (const line of eachLine(text)) {
    lines += linesOf(line);
    if (lines > enough) return lines;
  }
  return lines;
}

function cutAtWord(line: string, width: number): string {
  if (displayWidth(line) <= width) return line;
  let end = 0;
  let used = 0;
  for (const character of line) {
    used += displayWidth(character);
    if (used > width) break;
    end += character.length;
  }
  const cut = line.slice(0, end);
  const space = cut.lastIndexOf(' ');
  return space > cut.length / 2 ? cut.slice(0, space) : cut;
}
