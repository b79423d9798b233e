/** A decision that was begun and not made, for a reload of its page: in this tab alone. */
import type { BoardContent } from '@/lib/schemas/draft';

const keyOf = (userId: string, promptId: string) => `rescue-decision ${userId} ${promptId}`;

export function keepDecision(userId: string, promptId: string, baseVersion: number, content: BoardContent): void {
  try {
    sessionStorage.setItem(keyOf(userId, promptId), JSON.stringify({ baseVersion, content }));
  } catch {
    // Storage is blocked or full: a reload loses what was begun.
  }
}

/** @returns what was begun on this version of the prompt's decisions */
export function keptDecision(userId: string, promptId: string, baseVersion: number): BoardContent | null {
  try {
    // Only this page writes there, and a board takes up no place that it does not know.
    const kept = JSON.parse(sessionStorage.getItem(keyOf(userId, promptId)) ?? 'null') as {
      baseVersion: number;
      content: BoardContent;
    } | null;
    return kept?.baseVersion === baseVersion ? kept.content : null;
  } catch {
    return null;
  }
}

export function forgetDecision(userId: string, promptId: string): void {
  try {
    sessionStorage.removeItem(keyOf(userId, promptId));
  } catch {
    // Where nothing can be read, nothing was kept.
  }
}
