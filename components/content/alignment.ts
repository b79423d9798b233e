import type { Span } from './shared-spans';
import { equalRuns } from './word-diff';

/** Where a part of a text as it was written is in the text as it is drawn, and the other way round; null: nowhere. */
export type Alignment = { toWritten: (shown: Span) => Span | null; toShown: (written: Span) => Span | null };

type Token = { text: string; start: number };
/** Signs that are gone make many small gaps and no large one: little effort finds the way. */
const EFFORT = 100;

type Run = { from: number; to: number; length: number };

/** A part of the written text, as it is drawn: node by node; together maybe only its start. */
export type DrawnPart = Span & { pieces: readonly string[] };

/**
 * Formatting takes signs away and never reorders words, so the longest common sequence of words and signs tells which
 * is which. `pieces`: the drawn text node by node; together maybe only the start of what was written.
 */
export function alignTexts(written: string, pieces: readonly string[]): Alignment {
  return alignParts(written, [{ start: 0, end: written.length, pieces }]);
}

/** The same where only parts of the written text are drawn, in their order. */
export function alignParts(written: string, parts: readonly DrawnPart[]): Alignment {
  let shownBefore = 0;
  const runs = parts.flatMap(({ start, end, pieces }) => {
    const shown = pieces.join('');
    const inPart = runsOf(written.slice(start, end), shown, pieces);
    const runs = inPart.map(({ from, to, length }) => ({ from: from + start, to: to + shownBefore, length }));
    shownBefore += shown.length;
    return runs;
  });
  const back = runs.map(({ from, to, length }) => ({ from: to, to: from, length }));
  return { toShown: (span) => carry(runs, span), toWritten: (span) => carry(back, span) };
}

function runsOf(written: string, shown: string, pieces: readonly string[]): Run[] {
  if (written.startsWith(shown)) return [{ from: 0, to: 0, length: shown.length }];
  return tokenRuns(tokensOf([written]), tokensOf(pieces));
}

function tokensOf(pieces: readonly string[]): Token[] {
  const tokens: Token[] = [];
  let offset = 0;
  for (const piece of pieces) {
    for (const match of piece.matchAll(/[\p{L}\p{N}\p{M}]+|[^\s\p{L}\p{N}\p{M}]/gu)) {
      tokens.push({ text: match[0], start: offset + match.index });
    }
    offset += piece.length;
  }
  return tokens;
}

function tokenRuns(a: readonly Token[], b: readonly Token[]): Run[] {
  const ids = new Map<string, number>();
  const number = ({ text }: Token) => {
    const id = ids.get(text) ?? ids.size;
    ids.set(text, id);
    return id;
  };
  return equalRuns(Int32Array.from(a, number), Int32Array.from(b, number), EFFORT).flatMap((run) =>
    Array.from({ length: run.length }, (_, i) => {
      const { text, start } = a[run.a + i]!;
      return { from: start, to: b[run.b + i]!.start, length: text.length };
    }),
  );
}

/** The smallest span that holds all of it that is on the other side. */
function carry(runs: readonly Run[], { start, end }: Span): Span | null {
  const first = runs.find((run) => run.from + run.length > start);
  const last = runs.findLast((run) => run.from < end);
  if (!first || !last) return null;
  const carried = {
    start: first.to + Math.max(0, start - first.from),
    end: last.to + Math.min(last.length, end - last.from),
  };
  return carried.start < carried.end ? carried : null;
}
