/** A part of a text, [start, end) in UTF-16 units. */
export type Span = { start: number; end: number };
type Word = Span & { key: string };

/** Words in a row that two texts must share before it counts. */
const IN_A_ROW = 3;

const segmenter = typeof Intl.Segmenter === 'function' ? new Intl.Segmenter(undefined, { granularity: 'word' }) : null;

/** The words of a text in order, case and accents aside. */
export function wordsOf(text: string): Word[] {
  return Array.from(eachWord(text), ({ start, word }) => ({
    start,
    end: start + word.length,
    key: word.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase(),
  }));
}

/** Characters whose words are counted one by one. */
const COUNTED = 20_000;

/** How many words a text has; of a very long one about how many, for its beginning tells. */
export function countWords(text: string): number {
  const counted = Array.from(eachWord(text.slice(0, COUNTED))).length;
  return text.length <= COUNTED ? counted : 100 * Math.round((counted * text.length) / COUNTED / 100);
}

/** Knows languages that write without spaces. */
function* eachWord(text: string): Generator<{ start: number; word: string }> {
  // The segmenter is slow: only texts without spaces between words need it.
  if (segmenter && /[\u0E00-\u0EFF\u3040-\u30FF\u3400-\u9FFF]/.test(text)) {
    // Its time grows faster than a stretch without spaces and stops does, so it gets such a stretch in pieces.
    for (const piece of text.matchAll(/[^\s、。，．！？]{1,300}/gu)) {
      for (const { segment, index, isWordLike } of segmenter.segment(piece[0])) {
        if (isWordLike) yield { start: piece.index + index, word: segment };
      }
    }
  } else {
    for (const match of text.matchAll(/[\p{L}\p{N}\p{M}]+(?:['’.,-][\p{L}\p{N}\p{M}]+)*/gu)) {
      yield { start: match.index, word: match[0] };
    }
  }
}

/**
 * Where a document says what a response says: its runs of at least three words in a row that the response holds, too,
 * and of which at least one is more than a filler. In order, apart from each other.
 */
export function sharedSpans(document: string, response: string): Span[] {
  const said = wordsOf(response);
  const runs = new Set<string>();
  for (let i = 0; i + IN_A_ROW <= said.length; i++) runs.add(runKey(said, i));
  if (runs.size === 0) return [];
  const words = wordsOf(document);
  const spans: Span[] = [];
  let from = -1;
  let to = -1;
  const close = () => {
    const run = from < 0 ? [] : words.slice(from, to);
    if (run.some(({ key }) => /\d/.test(key) || key.length > 4 || /[^\p{ASCII}]/u.test(key))) {
      spans.push({ start: run[0]!.start, end: run.at(-1)!.end });
    }
    from = -1;
  };
  for (let i = 0; i + IN_A_ROW <= words.length; i++) {
    if (!runs.has(runKey(words, i))) continue;
    if (from >= 0 && i > to) close();
    if (from < 0) from = i;
    to = i + IN_A_ROW;
  }
  close();
  return spans;
}

function runKey(words: readonly Word[], at: number): string {
  return `${words[at]!.key} ${words[at + 1]!.key} ${words[at + 2]!.key}`;
}

/** Every place that holds the words searched for, case aside; spaces match any white space. */
export function searchSpans(text: string, query: string, limit = 1000): Span[] {
  const wanted = query.trim().replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  if (wanted === '') return [];
  const spans: Span[] = [];
  for (const match of text.matchAll(new RegExp(wanted.replace(/\s+/g, '\\s+'), 'giu'))) {
    spans.push({ start: match.index, end: match.index + match[0].length });
    if (spans.length >= limit) break;
  }
  return spans;
}
