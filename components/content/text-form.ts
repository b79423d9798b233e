import { fencedSpans } from './fences';
import { mathSpans } from './math-spans';

/**
 * How a text wants to be shown. People judge what was written, so a text stays plain unless it is plainly Markdown:
 * a "#" or a "*" alone is no reason to change what stands there.
 */
export type TextForm = { markdown: boolean; math: boolean };

/** Formatting shows early in a text; looking further would only cost time. */
const LOOK_AT = 20_000;

export function textForm(text: string): TextForm {
  return { markdown: beginsAsMarkdown(text), math: holdsMath(text) };
}

/** `looksLikeMarkdown` of as much of the text as is looked at. */
export const beginsAsMarkdown = (text: string): boolean => looksLikeMarkdown(headOf(text));
export const holdsMath = (text: string): boolean => mathSpans(headOf(text)).length > 0;

const headOf = (text: string) => (text.length > LOOK_AT ? text.slice(0, LOOK_AT) : text);

/** Decided line by line, with no pattern that spans lines: the time it takes grows as the text does. */
export function looksLikeMarkdown(text: string): boolean {
  // Every sign holds one of these: most texts are done here.
  if (!/[`~|[*#>]|[-+][ \t]|1[.)][ \t]/.test(text)) return false;
  const lines = text.split('\n');
  return (
    fencedSpans(text).length > 0 || strong.some((sign) => sign(lines)) || weak.filter((sign) => sign(lines)).length >= 2
  );
}

type Sign = (lines: readonly string[]) => boolean;
const someLine =
  (pattern: RegExp): Sign =>
  (lines) =>
    lines.some((line) => pattern.test(line));

/** One of these is enough, and so is fenced code. */
const strong: readonly Sign[] = [
  hasTable,
  (lines) => lines.some(hasLink),
  hasHeadingLevels,
  someLine(/(?<![\w*])\*\*(?=[^\s*])[^*]*(?<=[^\s*])\*\*(?![\w*])/),
];

/** Two different ones of these are needed. */
const weak: readonly Sign[] = [
  hasHeading,
  (lines) => hasList(lines, startsBullet, startsBullet),
  (lines) => hasList(lines, startsFirst, startsSecond),
  someLine(/(?<!`)`[^`]+`(?!`)/),
  someLine(/(?<![\w*])\*(?=[^\s*])[^*]*(?<=[^\s*])\*(?![\w*])/),
  someLine(/^ {0,3}>[ \t]+\S/),
];

const startsBullet = (line: string) => /^[ \t]*[-*+][ \t]+\S/.test(line);
const startsFirst = (line: string) => /^[ \t]*1[.)][ \t]+\S/.test(line);
const startsSecond = (line: string) => /^[ \t]*2[.)][ \t]+\S/.test(line);
const isIndented = (line: string) => /^(?: {4}|[ \t]*\t)/.test(line);
const isBlank = (line: string) => line.trim() === '';

/** A row with a bar above a row of dashes and bars. */
function hasTable(lines: readonly string[]): boolean {
  return lines.some((line, i) => i > 0 && lines[i - 1]!.includes('|') && isTableRule(line));
}

function isTableRule(line: string): boolean {
  if (!line.includes('|')) return false;
  const cells = line.split('|').map((cell) => cell.trim());
  if (cells[0] === '') cells.shift();
  if (cells.at(-1) === '') cells.pop();
  return cells.length >= 2 && cells.every((cell) => /^:?-{3,}:?$/.test(cell));
}

/** `[words](https://…)`; each end of the words is looked at once. */
function hasLink(line: string): boolean {
  let from = 0;
  for (let at = line.indexOf(']('); at >= 0; at = line.indexOf('](', at + 2)) {
    const before = line.slice(from, at);
    const words = before.slice(before.lastIndexOf('[') + 1);
    from = at + 2;
    if (words === '' || words === before || words.includes(']')) continue;
    const [address = ''] = /^(?:https?:\/\/|mailto:)[^\s)]+/.exec(line.slice(from, from + 2100)) ?? [];
    if (address !== '' && line[from + address.length] === ')') return true;
  }
  return false;
}

/** A heading has something below it; "#### 42" at the end of an answer is an answer. */
function hasHeading(lines: readonly string[]): boolean {
  const last = lines.findLastIndex((line) => !isBlank(line));
  return lines.slice(0, Math.max(0, last)).some((line) => /^ {0,3}#{1,6}[ \t]+\S/.test(line));
}

/** Headings of two levels, each a line of its own: an essay with sections. Comments of a program have one. */
function hasHeadingLevels(lines: readonly string[]): boolean {
  const levels = new Set<number>();
  for (const [i, line] of lines.entries()) {
    const [, signs] = /^(#{1,6})[ \t]+\S/.exec(line) ?? [];
    const isApart = isBlank(lines[i - 1] ?? '') && isBlank(lines[i + 1] ?? 'no end');
    if (signs && isApart) levels.add(signs.length);
  }
  return levels.size >= 2;
}

/** Two items; between them only lines that belong to the first one, and never two blank ones in a row. */
function hasList(
  lines: readonly string[],
  isFirst: (line: string) => boolean,
  isNext: (line: string) => boolean,
): boolean {
  let within = false;
  let blanks = 0;
  for (const line of lines) {
    if (isBlank(line)) {
      blanks++;
      continue;
    }
    if (within && blanks < 2 && isNext(line)) return true;
    const goesOn = within && blanks < 2 && /^[ \t]/.test(line);
    blanks = 0;
    if (!goesOn) within = isFirst(line) && !isIndented(line);
  }
  return false;
}
