import { ApiError, api } from '@/components/ui/api';
import { retryReason } from '@/components/ui/retry-policy';
import type { Draft } from '@/lib/schemas/draft';
import { remarksPart } from '@/lib/schemas/remark-rules';
import type { Remarks } from '@/lib/schemas/remarks';
import { type Place, toPlacements, touchedOnly } from '../board/board-state';
import { deleteRecord, getRecord, putRecord } from '../outbox/browser-database';
import type { DraftAnswer } from '../outbox/draft-saver';

/** Without an answer for this long, it counts as unreachable, and is sent again as the retry policy says. */
const SEND_MS = 15_000;

type OldDraft = {
  baseVersion: number;
  allBad: boolean;
  timeOnTaskMs: number;
  places: Record<string, Place>;
  remarks?: Remarks;
};
type DraftRecord = Draft & { key: string };

const keyOf = (userId: string, promptId: string) => `${userId}:${promptId}`;
/** Where an earlier version of this app kept it. */
const oldKeyOf = (userId: string, promptId: string) => `rescue-draft:${userId}:${promptId}`;

/** What this browser keeps of a prompt; null for nothing, or when it lets nobody read. */
export async function loadDraft(userId: string, promptId: string): Promise<Draft | null> {
  try {
    const record = await getRecord<DraftRecord>('drafts', keyOf(userId, promptId));
    if (record) return { baseVersion: record.baseVersion, sequence: record.sequence, content: record.content };
  } catch {
    // Said by the outbox, which cannot read either.
  }
  return loadOldDraft(userId, promptId);
}

/** Rejects when the browser will not keep it. */
export function storeDraft(userId: string, promptId: string, draft: Draft): Promise<void> {
  return putRecord<DraftRecord>('drafts', { ...draft, key: keyOf(userId, promptId) });
}

/** Deletes what this browser keeps of a prompt, unless it is newer than `sequence`: then somebody went on working. */
export async function removeDraft(userId: string, promptId: string, sequence: number): Promise<void> {
  try {
    localStorage.removeItem(oldKeyOf(userId, promptId));
  } catch {
    // Blocked: then nothing is there.
  }
  await deleteRecord<DraftRecord>('drafts', keyOf(userId, promptId), (draft) => draft.sequence <= sequence);
}

export async function sendDraft(
  userId: string,
  projectId: string,
  promptId: string,
  draft: Draft,
  leaving: boolean,
): Promise<DraftAnswer> {
  try {
    await api(`/projects/${projectId}/drafts/${promptId}`, {
      method: 'PUT',
      json: draft,
      headers: { 'x-expected-user': userId },
      keepalive: leaving,
      signal: leaving ? undefined : AbortSignal.timeout(SEND_MS),
    });
    return 'stored';
  } catch (error) {
    if (!(error instanceof ApiError)) return 'unreachable';
    const { sequence } = (error.details ?? {}) as { sequence?: number };
    if (error.status === 409 && sequence !== undefined) return { refused: 'older', sequence };
    // A draft is a copy; the annotation itself goes through the outbox.
    return retryReason(error.status) === null ? { refused: 'stale' } : 'unreachable';
  }
}

function loadOldDraft(userId: string, promptId: string): Draft | null {
  try {
    const text = localStorage.getItem(oldKeyOf(userId, promptId));
    const old = text ? (JSON.parse(text) as OldDraft) : null;
    if (!old || typeof old.places !== 'object' || typeof old.baseVersion !== 'number') return null;
    const timeOnTaskMs = Math.max(0, Math.round(Number(old.timeOnTaskMs) || 0));
    const placements = toPlacements({ responseIds: Object.keys(old.places), places: old.places });
    const content = { allBad: old.allBad, timeOnTaskMs, placements, ...remarksPart(old.remarks) };
    return { baseVersion: old.baseVersion, sequence: 1, content: touchedOnly(content) };
  } catch {
    return null;
  }
}
