/** Compares two texts away from the page, so that no key waits for it. */
import { diffWords } from '@/components/content/word-diff';

addEventListener('message', ({ data }: MessageEvent<{ left: string; right: string }>) => {
  postMessage(diffWords(data.left, data.right));
});
