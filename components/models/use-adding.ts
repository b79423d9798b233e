'use client';

import { useEffect, useRef, useState } from 'react';
import { useInvalidate } from '@/components/ui/api';
import type { Steps } from './add-model';
import type { FoundModel } from './worker-messages';

export interface Adding {
  readonly state: 'idle' | 'checking' | 'copying' | 'failed';
  readonly found: FoundModel | null;
  readonly bytes: number;
  readonly error: unknown;
}

const idle: Adding = { state: 'idle', found: null, bytes: 0, error: null };

/** One model on its way in; `onAdded` when it is there. Leaving the page or closing the dialog cancels. */
export function useAdding(onAdded: () => void) {
  const [adding, setAdding] = useState<Adding>(idle);
  const stopping = useRef<AbortController | null>(null);
  const invalidate = useInvalidate();
  useEffect(() => () => stopping.current?.abort(), []);

  const start = async (add: (steps: Steps) => Promise<void>) => {
    const mine = new AbortController();
    stopping.current = mine;
    setAdding({ ...idle, state: 'checking' });
    const current = () => stopping.current === mine;
    try {
      await add({
        signal: mine.signal,
        onFound: (found) => current() && setAdding((before) => ({ ...before, state: 'copying', found })),
        onProgress: (bytes) => current() && setAdding((before) => ({ ...before, bytes })),
      });
      if (!current()) return;
      setAdding(idle);
      onAdded();
    } catch (error) {
      if (current()) setAdding((before) => ({ ...before, state: mine.signal.aborted ? 'idle' : 'failed', error }));
    } finally {
      void invalidate('/models');
    }
  };
  const cancel = () => {
    stopping.current?.abort();
    setAdding(idle);
  };
  return { adding, busy: adding.state === 'checking' || adding.state === 'copying', start, cancel };
}
