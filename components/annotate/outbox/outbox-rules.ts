/**
 * What may happen to the queue, as pure functions from the queue to a change of it. A store carries a change out in
 * one step that no other tab can come between, so what is said here holds for all tabs of a browser together.
 *
 * Invariants: an item leaves only after an acknowledgement, by the person's own decision, or for newer work on the
 * same prompt while the server cannot have it yet. What was sent once is never altered: its key stands for exactly
 * these tiers. Newer work that came while an older one was still unanswered waits for it and builds on its version.
 * Work is an annotation or a mark (skipped, flagged); a mark's newer one is about the same prompt and kind.
 */
import type { SaveAnnotationRequest } from '@/lib/schemas/annotation';
import type { MarkChange, MarkKind } from '@/lib/schemas/prompt-mark';

export type OutboxRequest = SaveAnnotationRequest | MarkChange;

export type OutboxItem = {
  /** The request's idempotency key. */
  key: string;
  /** Whose work in which project: one queue. */
  owner: string;
  /** Items go out in this order. */
  order: number;
  request: OutboxRequest;
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

export type AnnotationItem = OutboxItem & { request: SaveAnnotationRequest };
export type MarkItem = OutboxItem & { request: MarkChange };

export function isMark(item: OutboxItem): item is MarkItem {
  return 'mark' in item.request;
}

export function isAnnotation(item: OutboxItem): item is AnnotationItem {
  return !isMark(item);
}

/** The newest unsent work on a prompt, or the newest unsent mark of one kind. */
export function pendingOn(items: readonly OutboxItem[], promptId: string): AnnotationItem | undefined;
export function pendingOn(items: readonly OutboxItem[], promptId: string, kind: MarkKind): MarkItem | undefined;
export function pendingOn(items: readonly OutboxItem[], promptId: string, kind?: MarkKind): OutboxItem | undefined {
  return items.findLast(({ request }) => request.promptId === promptId && kindOf(request) === kind);
}

/** Prompts that are done with as far as the person is concerned, though the server does not know it yet. */
export function offQueue(items: readonly OutboxItem[]): string[] {
  return items.flatMap((item) => {
    const { promptId } = item.request;
    if (!isMark(item)) return [promptId];
    return item === pendingOn(items, promptId, 'skipped') && item.request.mark !== null ? [promptId] : [];
  });
}

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
export function addRule(owner: string, request: OutboxRequest, label: string): Rule {
  return (items) => {
    const key = request.idempotencyKey;
    if (items.some((item) => item.key === key)) return nothing;
    const samePrompt = items.filter(
      (item) => item.request.promptId === request.promptId && kindOf(item.request) === kindOf(request),
    );
    const underWay = samePrompt.filter((item) => item.attempted && item.status === 'waiting').at(-1);
    const replaced = samePrompt.filter((item) => !item.attempted || item.status !== 'waiting');
    const item: OutboxItem = {
      key,
      owner,
      order: items.reduce((most, other) => Math.max(most, other.order), 0) + 1,
      // What it replaces was built on these versions, so it is too.
      request: basedOn(
        request,
        replaced.reduce((most, other) => Math.max(most, baseOf(other.request)), baseOf(request)),
      ),
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
      request: basedOn(item.request, version),
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

const baseOf = (request: OutboxRequest): number => ('mark' in request ? 0 : request.baseVersion);
const kindOf = (request: OutboxRequest): MarkKind | undefined => ('mark' in request ? request.kind : undefined);

/** A mark has no version: the newest one counts. */
function basedOn(request: OutboxRequest, version: number): OutboxRequest {
  return 'mark' in request ? request : { ...request, baseVersion: version };
}

function followers(items: readonly OutboxItem[], key: string): OutboxItem[] {
  return items.filter((item) => item.follows === key);
}
