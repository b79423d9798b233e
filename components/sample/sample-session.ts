'use client';

/**
 * The one owner of the sampling worker in this tab. It lives in this module, not in a component, so that moving between
 * pages loses neither the work nor the list that waits to be stored.
 */
import { useSyncExternalStore } from 'react';
import { brokenWorker } from '@/components/train/failure';
import { api } from '@/components/ui/api';
import type { AddedResponses } from '@/lib/schemas/new-responses';
import type { SampleEvent, SampleRequest } from './sample-messages';
import {
  isBusy,
  reduceSampling,
  requestOf,
  type SampleAction,
  type SampleProgress,
  startSampling,
} from './sample-progress';

let progress: SampleProgress | null = null;
let worker: Worker | null = null;
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function set(next: SampleProgress | null): void {
  progress = next;
  const keeps = next !== null && next.phase !== 'stored' && next.phase !== 'failed';
  if (keeps) window.addEventListener('beforeunload', warnOnLeaving);
  else window.removeEventListener('beforeunload', warnOnLeaving);
  if (next === null || next.phase === 'ready' || next.phase === 'failed') endWorker();
  for (const listener of listeners) listener();
}

function dispatch(action: SampleAction): void {
  if (progress !== null) set(reduceSampling(progress, action));
}

function warnOnLeaving(event: BeforeUnloadEvent): void {
  event.preventDefault();
}

function endWorker(): void {
  worker?.terminate();
  worker = null;
}

/** What is sampled in this tab, or waits to be stored; null when nothing is. */
export function useSampleSession(): SampleProgress | null {
  return useSyncExternalStore(
    subscribe,
    () => progress,
    () => null,
  );
}

/** Nothing happens while this tab samples already. */
export function startSampleSession(projectId: string, request: Extract<SampleRequest, { type: 'start' }>): void {
  if (progress !== null && isBusy(progress)) return;
  endWorker();
  const own = new Worker(new URL('./sample-worker.ts', import.meta.url), { type: 'module', name: 'sampling' });
  const hear = (event: SampleEvent) => {
    if (worker === own) dispatch({ type: 'worker', event });
  };
  own.onmessage = (message: MessageEvent<SampleEvent>) => hear(message.data);
  own.onerror = (event) => {
    event.preventDefault();
    hear({ type: 'error', failure: brokenWorker(event.message) });
  };
  own.postMessage(request);
  worker = own;
  set(startSampling(projectId, request.source));
}

/** Keeps what is there. */
export function stopSampleSession(): void {
  worker?.postMessage({ type: 'stop' } satisfies SampleRequest);
  dispatch({ type: 'stop-requested' });
}

export const toggleSampled = (key: string): void => dispatch({ type: 'toggle', key });

export const discardSampled = (): void => set(null);

/** All that was not dropped, or nothing. @returns whether it was stored */
export async function storeSampled(): Promise<boolean> {
  if (progress === null || progress.phase !== 'ready') return false;
  const request = requestOf(progress);
  dispatch({ type: 'storing' });
  try {
    const path = `/projects/${progress.projectId}/responses`;
    dispatch({ type: 'stored', result: await api<AddedResponses>(path, { method: 'POST', json: request }) });
    return true;
  } catch (error) {
    dispatch({ type: 'not-stored', cause: error });
    return false;
  }
}
