import type { SaveAnnotationRequest } from '@/lib/schemas/annotation';
import type { OutboxState } from '../outbox/annotation-outbox';
import { isAnnotation, pendingOn } from '../outbox/outbox-rules';
import { contentOfRequest } from './session-state';

/**
 * The unsent saves that gave way to the same judgement under another key, as when a person keeps theirs after a conflict:
 * by their keys, the ones in their place. Another judgement on the same prompt, from another tab, is none of these.
 */
export function replacedKeys(before: OutboxState, after: OutboxState): ReadonlyMap<string, string> {
  const replaced = new Map<string, string>();
  if (before.items === after.items) return replaced;
  const left = new Set(after.items.map(({ key }) => key));
  for (const item of before.items) {
    if (!isAnnotation(item) || left.has(item.key) || after.versions.has(item.key)) continue;
    const next = pendingOn(after.items, item.request.promptId);
    if (next && isSameJudgement(item.request, next.request)) replaced.set(item.key, next.key);
  }
  return replaced;
}

function isSameJudgement(a: SaveAnnotationRequest, b: SaveAnnotationRequest): boolean {
  return JSON.stringify(contentOfRequest(a)) === JSON.stringify(contentOfRequest(b));
}
