import { fencedSpans } from './fences';
import type { Span } from './shared-spans';

/** A part of a response, where it stands in the whole: what the model thought first, or what it answers. */
export type TextPart = Span & { kind: 'thinking' | 'answer'; text: string };

/** What models put around their thinking, whatever a project adds. */
const TAGS = ['think', 'thinking', 'reasoning'];

type Tag = Span & { name: string; closes: boolean };

/**
 * The parts of a response in order, without the tags between them and without the empty lines around these; a text
 * without such tags is one answer. What no tag closes is thinking to the end. Templates often write the opening tag
 * before the model begins: then what stands before the first closing tag is thinking.
 */
export function splitThinking(text: string, tagNames: readonly string[]): TextPart[] {
  const parts: TextPart[] = [];
  let open: Tag | null = null;
  let at = 0;
  const add = (kind: TextPart['kind'], end: number) => {
    const part = withoutEdges(text, { start: at, end });
    if (part.start < part.end) parts.push({ kind, text: text.slice(part.start, part.end), ...part });
  };
  for (const tag of thinkingTags(text, tagNames)) {
    const ends: boolean = tag.closes && (open ? open.name === tag.name : at === 0);
    if (!ends && (tag.closes || open)) continue;
    add(ends ? 'thinking' : 'answer', tag.start);
    open = ends ? null : tag;
    at = tag.end;
  }
  if (at === 0) return [{ kind: 'answer', text, start: 0, end: text.length }];
  add(open ? 'thinking' : 'answer', text.length);
  return parts;
}

/** The tags around thinking, in order, but for those that stand in code. */
function thinkingTags(text: string, tagNames: readonly string[]): Tag[] {
  const names = new Set([...TAGS, ...tagNames].map((name) => name.toLowerCase()));
  const tags = [...text.matchAll(/<(\/?)([a-z][\w-]{0,30})>/gi)].flatMap(({ 0: tag, 1: slash, 2: name, index }) =>
    names.has(name!.toLowerCase())
      ? [{ name: name!.toLowerCase(), closes: slash === '/', start: index, end: index + tag.length }]
      : [],
  );
  if (tags.length === 0) return [];
  const fences = fencedSpans(text);
  let fence = 0;
  return tags.filter(({ start, end }) => {
    while (fence < fences.length && fences[fence]!.end <= start) fence++;
    const isFenced = fence < fences.length && fences[fence]!.start <= start;
    return !isFenced && !(text[start - 1] === '`' && text[end] === '`');
  });
}

/** Without white space at the end and empty lines at the start: a first line keeps its indentation. */
function withoutEdges(text: string, { start, end }: Span): Span {
  const part = text.slice(start, end);
  const blank = part.length - part.trimStart().length;
  const from = part.slice(0, blank).lastIndexOf('\n') + 1 || (start === 0 ? 0 : blank);
  return { start: start + Math.min(from, part.trimEnd().length), end: start + part.trimEnd().length };
}

/** What a response says after its thinking; all of it where it only thinks. */
export function answerOf(text: string, tagNames: readonly string[]): string {
  const answer = joinedAnswers(splitThinking(text, tagNames));
  return answer.trim() === '' ? text : answer;
}

/** The parts of a response that answer, as one text. */
export function joinedAnswers(parts: readonly TextPart[]): string {
  const answers = parts.filter(({ kind }) => kind === 'answer');
  return answers.map(({ text }) => text).join('\n');
}
