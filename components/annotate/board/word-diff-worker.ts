/** Compares two texts away from the page, so that no key waits for it. */
import { diffWords, type WordDiff } from '@/components/content/word-diff';

/** Parts of both texts beyond which a page would be felt to draw them, and nobody would look at each. */
const MOST_PARTS = 4000;

export type WordDiffAnswer = WordDiff | 'tooMany';

addEventListener('message', ({ data }: MessageEvent<{ left: string; right: string }>) => {
  const diff = diffWords(data.left, data.right);
  const answer: WordDiffAnswer = diff.left.length + diff.right.length > MOST_PARTS ? 'tooMany' : diff;
  postMessage(answer);
});
