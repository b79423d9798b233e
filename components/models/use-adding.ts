'use client';

import { useEffect, useRef, useState } from 'react';
import { useInvalidate } from '@/components/ui/api';
import { useIntentions } from '@/components/ui/idempotency-key';
import type { Steps } from './add-model';
import type { FoundModel } from './worker-messages';

export interface Adding {
  readonly state: 'idle' | 'checking' | 'copying' | 'failed';
  readonly found: FoundModel | null;
  readonly bytes: number;
  /** The connection is broken, and a retry is pending. */
  readonly waiting: boolean;
  readonly error: unknown;
}

const idle: Adding = { state: 'idle', found: null, bytes: 0, waiting: false, error: null };

/** Adds one model at a time and calls `onAdded` when it is complete. Leaving the page or closing the dialog cancels. */
export function useAdding(onAdded: (name: string) => void) {
  const [adding, setAdding] = useState<Adding>(idle);
  const stopping = useRef<AbortController | null>(null);
  const invalidate = useInvalidate();
  const intentions = useIntentions();
  useEffect(() => () => stopping.current?.abort(), []);

  /** `what` identifies the content for the idempotency key. Calls while a model is being added do nothing. */
  const start = async (what: unknown, add: (steps: Steps) => Promise<string>) => {
    if (stopping.current) return;
    const mine = new AbortController();
    stopping.current = mine;
    setAdding({ ...idle, state: 'checking' });
    const current = () => stopping.current === mine;
    try {
      const name = await add({
        once: intentions.keyFor(what),
        signal: mine.signal,
        onFound: (found) => current() && setAdding((before) => ({ ...before, state: 'copying', found })),
        onProgress: (bytes) => current() && setAdding((before) => ({ ...before, bytes })),
        onWaiting: (waiting) => current() && setAdding((before) => ({ ...before, waiting })),
      });
      if (!current()) return;
      setAdding(idle);
      intentions.forget();
      onAdded(name);
    } catch (error) {
      if (current()) setAdding((before) => ({ ...before, state: mine.signal.aborted ? 'idle' : 'failed', error }));
    } finally {
      if (current()) stopping.current = null;
      void invalidate('/models');
    }
  };
  const cancel = () => {
    stopping.current?.abort();
    stopping.current = null;
    setAdding(idle);
  };
  return { adding, busy: adding.state === 'checking' || adding.state === 'copying', start, cancel };
}
