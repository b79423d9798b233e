import { ApiError, api } from '@/components/ui/api';
import { retryReason } from '@/components/ui/retry-policy';
import type { SavedAnnotation } from '@/lib/schemas/annotation';
import { publishGoldFeedback } from '../gold/gold-signal';
import { AnnotationOutbox, type OutboxMessage, type OutboxRequest, type SendResult } from '../outbox/annotation-outbox';
import { browserOutboxStore, queuedKeys } from '../outbox/browser-database';
import { oldOutbox } from '../outbox/old-outbox';
import { exclusively, openChannel } from '../outbox/tabs';
import { publishMeanwhile } from './meanwhile';
import { publishSaved } from './saved-signal';

/** One outbox a person and project; it lives as long as the page so that work goes out from every view. */
const outboxes = new Map<string, AnnotationOutbox>();

/** A send without an answer for this long counts as lost; the next try has the same key. */
const SEND_MS = 30_000;

export function outboxFor(userId: string, projectId: string): AnnotationOutbox {
  const owner = `${userId}:${projectId}`;
  const known = outboxes.get(owner);
  if (known) return known;
  const name = `rescue-outbox:${owner}`;
  const channel = openChannel<OutboxMessage>(name, (message) => outbox.receive(message));
  const outbox: AnnotationOutbox = new AnnotationOutbox({
    owner,
    store: browserOutboxStore(owner),
    send: (request) => sendWork(userId, projectId, request),
    schedule: (run, ms) => {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    },
    exclusively: (work) => exclusively(name, work),
    broadcast: channel.post,
  });
  outboxes.set(owner, outbox);
  let acknowledged = 0;
  outbox.subscribe(() => {
    if (outbox.getState().acknowledged === acknowledged) return;
    acknowledged = outbox.getState().acknowledged;
    publishSaved(projectId);
  });
  const hasUnsent = () => outbox.getState().items.length > 0;
  window.addEventListener('online', () => outbox.retry());
  // Back from signing in, or from a machine that slept.
  window.addEventListener('focus', () => {
    if (hasUnsent()) outbox.retry();
  });
  window.addEventListener('beforeunload', (event) => {
    if (hasUnsent() && outbox.getState().storage !== 'ok') event.preventDefault();
  });
  void start(outbox, owner);
  return outbox;
}

async function start(outbox: AnnotationOutbox, owner: string): Promise<void> {
  let old: ReturnType<typeof oldOutbox> = null;
  try {
    old = oldOutbox(localStorage, owner);
  } catch {
    // Blocked: then nothing was kept there.
  }
  const stored = await outbox.open(old?.rule);
  if (stored) old?.forget();
}

async function sendWork(userId: string, projectId: string, request: OutboxRequest): Promise<SendResult> {
  const isMark = 'mark' in request;
  try {
    const saved = await api<SavedAnnotation | undefined>(`/projects/${projectId}/${isMark ? 'marks' : 'annotations'}`, {
      method: 'POST',
      json: request,
      // Somebody else may have signed in to this browser since.
      headers: { 'x-expected-user': userId },
      signal: AbortSignal.timeout(SEND_MS),
    });
    if (saved?.gold) publishGoldFeedback(request.promptId);
    if (saved?.meanwhile) publishMeanwhile(saved.meanwhile);
    return { ok: true, version: saved?.version ?? 0 };
  } catch (error) {
    // It was judged elsewhere in the meantime: then there is nothing left to skip, and nothing to decide.
    if (isMark && error instanceof ApiError && error.status === 409) return { ok: true, version: 0 };
    return resultOf(error);
  }
}

/** What a failed send means for the item. */
function resultOf(error: unknown): SendResult {
  if (!(error instanceof ApiError)) return { ok: false, kind: 'retry', reason: 'fault', message: String(error) };
  const { status, message } = error;
  const reason = retryReason(status);
  if (reason !== null) return { ok: false, kind: 'retry', reason, message };
  return { ok: false, kind: status === 409 ? 'conflict' : 'refused', message };
}

/**
 * This person's work that the server does not have yet, in all projects: what this browser keeps, and what only this
 * page holds. `kept`: all of it would be here after a reload.
 */
export async function unsentWork(userId: string): Promise<{ count: number; kept: boolean }> {
  const own = [...outboxes].filter(([owner]) => owner.startsWith(`${userId}:`)).map(([, outbox]) => outbox.getState());
  const inThisPage = own.flatMap(({ items }) => items.map(({ key }) => key));
  const stored = await queuedKeys(userId).catch(() => []);
  return {
    count: new Set([...inThisPage, ...stored]).size,
    kept: own.every(({ items, storage }) => items.length === 0 || storage === 'ok'),
  };
}
