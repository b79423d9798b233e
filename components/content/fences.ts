import type { Span } from './shared-spans';

type Line = Span & { sign: '`' | '~'; length: number; info: string };

/** Where a text holds fenced code: from the line that opens a block to the end of the one that closes it. */
export function fencedSpans(text: string): Span[] {
  const lines = [...text.matchAll(/^ {0,3}(`{3,}|~{3,})([^\n]*)/gm)].map(
    ({ 0: line, 1: fence = '', 2: info = '', index }): Line => ({
      start: index,
      end: index + line.length,
      sign: fence[0] as Line['sign'],
      length: fence.length,
      info: info.trim(),
    }),
  );
  const closable = longestBelow(lines);
  const spans: Span[] = [];
  let open: Line | null = null;
  lines.forEach((line, at) => {
    if (!open) {
      // A fence that nothing closes is no fence: what follows would all be code.
      const opens = !line.info.includes('`') && closable[at]![line.sign] >= line.length;
      if (opens) open = line;
    } else if (closes(line, open)) {
      spans.push({ start: open.start, end: line.end });
      open = null;
    }
  });
  return spans;
}

const closes = (line: Line, open: Line) => line.info === '' && line.sign === open.sign && line.length >= open.length;

/** For each line the longest fence of either sign below it that may close something. */
function longestBelow(lines: readonly Line[]): Record<Line['sign'], number>[] {
  const longest = { '`': 0, '~': 0 };
  return lines
    .toReversed()
    .map(({ sign, length, info }) => {
      const below = { ...longest };
      if (info === '') longest[sign] = Math.max(longest[sign], length);
      return below;
    })
    .reverse();
}
