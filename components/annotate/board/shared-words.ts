import { countWords, type Span, wordsOf } from '@/components/content/shared-spans';

/** How many words a document shares with a response, and the first passages of them, each cut to its first words. */
export type SharedWords = { count: number; passages: readonly string[] };

const PASSAGES = 3;
const WORDS_OF_A_PASSAGE = 12;

export function sharedWords(document: string, spans: readonly Span[]): SharedWords {
  const passages = spans.map(({ start, end }) => document.slice(start, end));
  return {
    count: passages.reduce((sum, passage) => sum + countWords(passage), 0),
    passages: passages.slice(0, PASSAGES).map(shorten),
  };
}

function shorten(passage: string): string {
  const words = wordsOf(passage);
  const line = (text: string) => text.replace(/\s+/g, ' ');
  if (words.length <= WORDS_OF_A_PASSAGE) return line(passage);
  return `${line(passage.slice(0, words[WORDS_OF_A_PASSAGE - 1]!.end))} …`;
}
