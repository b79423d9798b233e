'use client';

import { useEffect, useState } from 'react';
import type { WordDiffAnswer } from './word-diff-worker';

/** The words that two texts do not share, worked out in a worker; null until then and where workers do not run. */
export function useWordDiff(left: string, right: string): WordDiffAnswer | null {
  const [diff, setDiff] = useState<{ left: string; right: string; result: WordDiffAnswer } | null>(null);
  useEffect(() => {
    if (left === '' && right === '') return;
    let worker: Worker;
    try {
      worker = new Worker(new URL('./word-diff-worker.ts', import.meta.url), { type: 'module' });
    } catch {
      return;
    }
    worker.onmessage = ({ data }: MessageEvent<WordDiffAnswer>) => setDiff({ left, right, result: data });
    worker.postMessage({ left, right });
    return () => worker.terminate();
  }, [left, right]);
  return diff && diff.left === left && diff.right === right ? diff.result : null;
}
