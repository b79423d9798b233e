'use client';

/** What the run of this tab looks like now. It is written by run-session.ts alone, and small enough for every page. */
import { useSyncExternalStore } from 'react';
import type { RunProgress } from './run-progress';

let progress: RunProgress | null = null;
const listeners = new Set<() => void>();

export const currentRun = (): RunProgress | null => progress;

export function setCurrentRun(next: RunProgress | null): void {
  if (next === progress) return;
  progress = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The run of this tab, running or just ended; null when none was started since the page was loaded. */
export function useCurrentRun(): RunProgress | null {
  return useSyncExternalStore(subscribe, currentRun, () => null);
}
