'use client';

/** The state of the run in this tab. Only run-session.ts writes it; it is small, since every page loads it. */
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

/** The run of this tab, running or ended; null if none was started since the page was loaded. */
export function useCurrentRun(): RunProgress | null {
  return useSyncExternalStore(subscribe, currentRun, () => null);
}
