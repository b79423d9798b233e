/**
 * What may happen to the queue, as pure functions from the queue to a change of it. A store carries a change out in
 * one step that no other tab can come between, so what is said here holds for all tabs of a browser together.
 *
 * Invariants: an item leaves only after an acknowledgement, by the person's own decision, or for newer work on the
 * same prompt while the server cannot have it yet. What was sent once is never altered: its key stands for exactly
 * these tiers. Newer work that came while an older one was still unanswered waits for it and builds on its version.
 */
import type { SaveAnnotationRequest } from '@/lib/schemas/annotation';

export type OutboxItem = {
  /** The request's idempotency key. */
  key: string;
  /** Whose work in which project: one queue. */
  owner: string;
  /** Items go out in this order. */
  order: number;
  request: SaveAnnotationRequest;
  /** What people call it: the prompt's external id. */
  label: string;
  /** Sent at least once: the server may have it. */
  attempted: boolean;
  /** The key of the person's own unanswered work that this was built on; its version will be this one's base. */
  follows: string | null;
  /** waiting: goes out by itself; the other two need the person. */
  status: 'waiting' | 'conflict' | 'refused';
  message: string | null;
};

export type Change = { put: OutboxItem[]; remove: string[] };
export type Rule = (items: readonly OutboxItem[]) => Change;

/** The queue after a change, oldest first. */
export function applyChange(items: readonly OutboxItem[], { put, remove }: Change): OutboxItem[] {
  const byKey = new Map(items.map((item) => [item.key, item]));
  for (const key of remove) byKey.delete(key);
  for (const item of put) byKey.set(item.key, item);
  return [...byKey.values()].sort(byOrder);
}

/** One change that does what two do one after the other. */
export function combine(first: Change, second: Change): Change {
  const put = new Map(first.put.map((item) => [item.key, item]));
  const remove = new Set(first.remove);
  for (const key of second.remove) {
    put.delete(key);
    remove.add(key);
  }
  for (const item of second.put) {
    put.set(item.key, item);
    remove.delete(item.key);
  }
  return { put: [...put.values()], remove: [...remove] };
}

export function byOrder(a: OutboxItem, b: OutboxItem): number {
  return a.order - b.order || (a.key < b.key ? -1 : 1);
}

/**
 * New work joins the end of its queue. On the same prompt it takes the place of what was never sent and of what the
 * server refused; behind what may be under way it waits.
 */
export function addRule(owner: string, request: SaveAnnotationRequest, label: string): Rule {
  return (items) => {
    const key = request.idempotencyKey;
    if (items.some((item) => item.key === key)) return nothing;
    const samePrompt = items.filter((item) => item.request.promptId === request.promptId);
    const underWay = samePrompt.filter((item) => item.attempted && item.status === 'waiting').at(-1);
    const replaced = samePrompt.filter((item) => !item.attempted || item.status !== 'waiting');
    const item: OutboxItem = {
      key,
      owner,
      order: Math.max(0, ...items.map((other) => other.order)) + 1,
      request: {
        ...request,
        // What it replaces was built on these versions, so it is too.
        baseVersion: Math.max(request.baseVersion, ...replaced.map((other) => other.request.baseVersion)),
      },
      label,
      attempted: false,
      follows: underWay?.key ?? null,
      status: 'waiting',
      message: null,
    };
    return { put: [item], remove: replaced.map((other) => other.key) };
  };
}

/** Before every send: from here on the server may have it. */
export function attemptRule(key: string): Rule {
  return (items) => {
    const item = items.find((other) => other.key === key);
    return item && !item.attempted ? { put: [{ ...item, attempted: true }], remove: [] } : nothing;
  };
}

/** Stored as `version`: it leaves, and what was built on it may go out. */
export function acknowledgeRule(key: string, version: number): Rule {
  return (items) => ({
    put: followers(items, key).map((item) => ({
      ...item,
      follows: null,
      request: { ...item.request, baseVersion: version },
    })),
    remove: [key],
  });
}

/** The server will never take it as it is. Newer work on it takes its place; else the person decides. */
export function refuseRule(key: string, status: 'conflict' | 'refused', message: string): Rule {
  return (items) => {
    const item = items.find((other) => other.key === key);
    if (!item) return nothing;
    const next = followers(items, key);
    if (next.length === 0) return { put: [{ ...item, status, message }], remove: [] };
    return { put: next.map((other) => ({ ...other, follows: null })), remove: [key] };
  };
}

/** The person wants a refused item sent again, as it is. */
export function sendAgainRule(key: string): Rule {
  return (items) => {
    const item = items.find((other) => other.key === key);
    return item ? { put: [{ ...item, status: 'waiting', message: null }], remove: [] } : nothing;
  };
}

/** The person gives it up. */
export function discardRule(key: string): Rule {
  return (items) => ({ put: followers(items, key).map((item) => ({ ...item, follows: null })), remove: [key] });
}

/** The item to send next, or undefined. `skipped` prompts met a fault of the server's in this round. */
export function nextToSend(items: readonly OutboxItem[], skipped: ReadonlySet<string>): OutboxItem | undefined {
  const keys = new Set(items.map((item) => item.key));
  return items.find(
    (item) =>
      item.status === 'waiting' &&
      !skipped.has(item.request.promptId) &&
      (item.follows === null || !keys.has(item.follows)),
  );
}

const nothing: Change = { put: [], remove: [] };

function followers(items: readonly OutboxItem[], key: string): OutboxItem[] {
  return items.filter((item) => item.follows === key);
}
