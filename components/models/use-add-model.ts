'use client';

import { useEffect, useRef, useState } from 'react';
import { useInvalidate } from '@/components/ui/api';
import { useIdempotencyKeys } from '@/components/ui/idempotency-key';
import type { AddModelCallbacks } from './add-model';
import type { InspectedModel } from './worker-messages';

export interface AddModelState {
  readonly state: 'idle' | 'checking' | 'copying' | 'failed';
  readonly found: InspectedModel | null;
  readonly bytes: number;
  /** The connection is broken, and a retry is pending. */
  readonly waiting: boolean;
  readonly error: unknown;
}

const idle: AddModelState = { state: 'idle', found: null, bytes: 0, waiting: false, error: null };

/** Adds one model at a time and calls `onAdded` when it is complete. Leaving the page or closing the dialog cancels. */
export function useAddModel(onAdded: (name: string) => void) {
  const [adding, setAdding] = useState<AddModelState>(idle);
  const activeController = useRef<AbortController | null>(null);
  const invalidate = useInvalidate();
  const intentions = useIdempotencyKeys();
  useEffect(() => () => activeController.current?.abort(), []);

  /** `what` identifies the content for the idempotency key. Calls while a model is being added do nothing. */
  const start = async (what: unknown, add: (steps: AddModelCallbacks) => Promise<string>) => {
    if (activeController.current) return;
    const controller = new AbortController();
    activeController.current = controller;
    setAdding({ ...idle, state: 'checking' });
    const current = () => activeController.current === controller;
    try {
      const name = await add({
        once: intentions.keyFor(what),
        signal: controller.signal,
        onFound: (found) => current() && setAdding((before) => ({ ...before, state: 'copying', found })),
        onProgress: (bytes) => current() && setAdding((before) => ({ ...before, bytes })),
        onWaiting: (waiting) => current() && setAdding((before) => ({ ...before, waiting })),
      });
      if (!current()) return;
      setAdding(idle);
      intentions.forget();
      onAdded(name);
    } catch (error) {
      if (current())
        setAdding((before) => ({ ...before, state: controller.signal.aborted ? 'idle' : 'failed', error }));
    } finally {
      if (current()) activeController.current = null;
      void invalidate('/models');
    }
  };
  const cancel = () => {
    activeController.current?.abort();
    activeController.current = null;
    setAdding(idle);
  };
  return { adding, busy: adding.state === 'checking' || adding.state === 'copying', start, cancel };
}
