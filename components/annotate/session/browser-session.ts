import type { QueryClient } from '@tanstack/react-query';
import { ApiError, api } from '@/components/ui/api';
import { newIdempotencyKey } from '@/components/ui/idempotency-key';
import type { Task, TaskPage } from '@/lib/schemas/annotation';
import { getRecord, putRecord } from '../outbox/browser-database';
import { AnnotationSession, type SessionHost } from './annotation-session';
import { outboxFor } from './browser-outbox';
import { loadDraft, removeDraft, sendDraft, storeDraft } from './draft-store';
import { newestTask } from './newest-task';

type SessionPlace = {
  /** What this page's other parts have heard from the server. */
  client: QueryClient;
  userId: string;
  projectId: string;
  tierCount: () => number;
  /** The one prompt that is looked at again; null for the queue. */
  task: Task | null;
  onSaved?: () => void;
};

/** A session on the server's routes and this browser's storage. */
export function browserSession({
  client,
  userId,
  projectId,
  tierCount,
  task,
  onSaved,
}: SessionPlace): AnnotationSession {
  const project = `/projects/${projectId}`;
  const key = `queue:${userId}:${projectId}`;
  const host: SessionHost = {
    outbox: outboxFor(userId, projectId),
    tierCount,
    fetchTasks: async (count, exclude, signal) => {
      const query = new URLSearchParams({ count: String(count) });
      if (exclude.length > 0) query.set('exclude', exclude.join(','));
      try {
        return await api<TaskPage>(`${project}/tasks/next?${query}`, { signal });
      } catch (error) {
        return error instanceof ApiError ? error : new ApiError(0, 'unexplained', String(error));
      }
    },
    fetchTask: (promptId) => newestTask(client, projectId, promptId),
    cache: {
      read: () => getRecord<unknown>('cache', key).catch(() => null),
      write: (queue) => putRecord('cache', { key, ...queue }).catch(() => undefined),
    },
    drafts: {
      load: (promptId) => loadDraft(userId, promptId),
      store: (promptId, draft) => storeDraft(userId, promptId, draft),
      remove: (promptId, sequence) => removeDraft(userId, promptId, sequence),
      send: (promptId, draft, leaving) => sendDraft(userId, projectId, promptId, draft, leaving),
    },
    schedule: (run, ms) => {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    },
    newKey: newIdempotencyKey,
    onSaved,
  };
  return new AnnotationSession(host, task);
}

/** Lets a session work while its page is open. @returns what ends it. */
export function openSession(session: AnnotationSession): () => void {
  const close = session.open();
  const online = () => session.retry();
  const hidden = () => {
    if (document.visibilityState === 'hidden') session.hide();
  };
  window.addEventListener('online', online);
  document.addEventListener('visibilitychange', hidden);
  return () => {
    window.removeEventListener('online', online);
    document.removeEventListener('visibilitychange', hidden);
    close();
  };
}
