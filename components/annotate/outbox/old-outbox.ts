import type { SaveAnnotationRequest } from '@/lib/schemas/annotation';
import type { OutboxItem, Rule } from './outbox-rules';

type OldItem = { request: SaveAnnotationRequest; label: string; status: string; message: string | null };

/**
 * Takes over what an earlier version of this app left in localStorage, with its keys.
 * @returns null when there is nothing. Call `forget` once the rule is carried out.
 */
export function oldOutbox(
  storage: Pick<Storage, 'getItem' | 'removeItem'>,
  owner: string,
): { rule: Rule; forget: () => void } | null {
  const name = `rescue-outbox:${owner}`;
  let old: OldItem[];
  try {
    const value: unknown = JSON.parse(storage.getItem(name) ?? '[]');
    old = Array.isArray(value) ? value.filter(isOldItem) : [];
  } catch {
    return null;
  }
  if (old.length === 0) return null;
  return {
    rule: (items) => {
      const held = new Set(items.map((item) => item.key));
      const last = items.reduce((most, { order }) => Math.max(most, order), 0);
      const put = old
        .filter(({ request }) => !held.has(request.idempotencyKey))
        .map(
          ({ request, label, status, message }, i): OutboxItem => ({
            key: request.idempotencyKey,
            owner,
            order: last + 1 + i,
            request,
            label,
            // Nobody knows any more: the server may have it.
            attempted: true,
            follows: null,
            status: status === 'conflict' || status === 'refused' ? status : 'waiting',
            message,
          }),
        );
      return { put, remove: [] };
    },
    forget: () => storage.removeItem(name),
  };
}

function isOldItem(value: unknown): value is OldItem {
  const request = (value as Partial<OldItem> | null)?.request;
  return typeof request?.idempotencyKey === 'string' && typeof request.promptId === 'string';
}
