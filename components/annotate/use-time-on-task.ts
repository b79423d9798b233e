'use client';

import { useCallback, useEffect, useRef } from 'react';

const MAX_MS = 86_400_000;

/** Measures how long the page was visible since the hook's component was mounted; answers a reader of the ms. */
export function useTimeOnTask(startMs: number): () => number {
  const total = useRef(startMs);
  const since = useRef<number | null>(null);

  useEffect(() => {
    const update = () => {
      const now = performance.now();
      if (since.current !== null) total.current += now - since.current;
      since.current = document.visibilityState === 'visible' ? now : null;
    };
    update();
    document.addEventListener('visibilitychange', update);
    return () => {
      update();
      since.current = null;
      document.removeEventListener('visibilitychange', update);
    };
  }, []);

  return useCallback(() => {
    const running = since.current === null ? 0 : performance.now() - since.current;
    return Math.min(MAX_MS, Math.round(total.current + running));
  }, []);
}
