'use client';

/**
 * Owns the sampling worker of this tab. Its state is in this module and not in a component, so that moving between
 * pages loses neither the running work nor samples that are not stored yet.
 */
import { useSyncExternalStore } from 'react';
import { workerFailure } from '@/components/train/failure';
import { api } from '@/components/ui/api';
import type { AddedResponses } from '@/lib/schemas/new-responses';
import type { SampleEvent, SampleRequest } from './sample-messages';
import {
  initialSampleProgress,
  isBusy,
  reduceSampling,
  type SampleAction,
  type SampleProgress,
  toAddResponsesRequest,
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

/** The progress of sampling in this tab, including samples that are not stored yet; null when there is none. */
export function useSampleSession(): SampleProgress | null {
  return useSyncExternalStore(
    subscribe,
    () => progress,
    () => null,
  );
}

/** Starts sampling, unless this tab is sampling already. */
export function startSampleSession(projectId: string, request: Extract<SampleRequest, { type: 'start' }>): void {
  if (progress !== null && isBusy(progress)) return;
  endWorker();
  const newWorker = new Worker(new URL('./sample-worker.ts', import.meta.url), { type: 'module', name: 'sampling' });
  const onEvent = (event: SampleEvent) => {
    if (worker === newWorker) dispatch({ type: 'worker', event });
  };
  newWorker.onmessage = (message: MessageEvent<SampleEvent>) => onEvent(message.data);
  newWorker.onerror = (event) => {
    event.preventDefault();
    onEvent({ type: 'error', failure: workerFailure(event.message) });
  };
  newWorker.postMessage(request);
  worker = newWorker;
  set(initialSampleProgress(projectId, request.source));
}

/** Stops sampling and keeps the samples so far. */
export function stopSampleSession(): void {
  worker?.postMessage({ type: 'stop' } satisfies SampleRequest);
  dispatch({ type: 'stop-requested' });
}

export const toggleSampled = (key: string): void => dispatch({ type: 'toggle', key });

export const discardSampled = (): void => set(null);

/** Stores all samples that are not deselected, or none. @returns whether they were stored */
export async function storeSampled(): Promise<boolean> {
  if (progress === null || progress.phase !== 'ready') return false;
  const request = toAddResponsesRequest(progress);
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
