'use client';

import { useSyncExternalStore } from 'react';
import { ApiError, api } from '@/components/ui/api';
import { AnnotationOutbox, type OutboxState, type SendResult } from '@/lib/outbox/annotation-outbox';
import type { SaveAnnotationRequest } from '@/lib/schemas/annotation';

/** One outbox a person and project; it lives as long as the page so that work goes out from every view. */
const outboxes = new Map<string, AnnotationOutbox>();

function outboxFor(userId: string, projectId: string): AnnotationOutbox {
  const key = `rescue-outbox:${userId}:${projectId}`;
  let outbox = outboxes.get(key);
  if (!outbox) {
    outbox = new AnnotationOutbox({
      key,
      storage: localStorage,
      send: (request) => sendAnnotation(projectId, request),
      schedule: (run, ms) => {
        const timer = setTimeout(run, ms);
        return () => clearTimeout(timer);
      },
    });
    outboxes.set(key, outbox);
    const created = outbox;
    window.addEventListener('online', () => created.retry());
    window.addEventListener('beforeunload', (event) => {
      if (created.getState().items.length > 0) event.preventDefault();
    });
    void created.flush();
  }
  return outbox;
}

async function sendAnnotation(projectId: string, request: SaveAnnotationRequest): Promise<SendResult> {
  try {
    await api(`/projects/${projectId}/annotations`, { method: 'POST', json: request });
    return { ok: true };
  } catch (error) {
    if (!(error instanceof ApiError)) return { ok: false, kind: 'retry', message: String(error) };
    const { status, message } = error;
    if (status === 409) return { ok: false, kind: 'conflict', message };
    // Signed out, rate limited, overloaded or unreachable: the work is fine and goes out later.
    const later = status === 0 || status === 401 || status === 408 || status === 429 || status >= 500;
    return { ok: false, kind: later ? 'retry' : 'refused', message };
  }
}

export function useOutbox(userId: string, projectId: string): { outbox: AnnotationOutbox; state: OutboxState } {
  const outbox = outboxFor(userId, projectId);
  const state = useSyncExternalStore(outbox.subscribe, outbox.getState, outbox.getState);
  return { outbox, state };
}
