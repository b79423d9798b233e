import type { BoardDraft } from './board-state';

/** A draft belongs to one version of one prompt's annotation: after a save elsewhere it no longer fits. */
type StoredDraft = BoardDraft & { baseVersion: number; timeOnTaskMs: number };

const prefix = 'rescue-draft';

function draftKey(userId: string, promptId: string): string {
  return `${prefix}:${userId}:${promptId}`;
}

/** Keeps what is on the board so that a reload loses nothing. false: the browser would not keep it. */
export function saveDraft(userId: string, promptId: string, draft: StoredDraft): boolean {
  try {
    localStorage.setItem(draftKey(userId, promptId), JSON.stringify(draft));
    return true;
  } catch {
    return false;
  }
}

/** The draft of exactly this version, or null. */
export function loadDraft(userId: string, promptId: string, baseVersion: number): StoredDraft | null {
  try {
    const text = localStorage.getItem(draftKey(userId, promptId));
    const draft = text ? (JSON.parse(text) as StoredDraft) : null;
    return draft && draft.baseVersion === baseVersion && typeof draft.places === 'object' ? draft : null;
  } catch {
    return null;
  }
}

export function clearDraft(userId: string, promptId: string): void {
  try {
    localStorage.removeItem(draftKey(userId, promptId));
  } catch {
    // Storage is blocked: then there is no draft either.
  }
}
