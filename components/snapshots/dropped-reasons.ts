import type { SnapshotHeader } from '@/lib/schemas/snapshot';

const knownReasons = ['contradicted', 'unsupported', 'cycle', 'conflict'] as const;

export type DroppedReason = { reason: (typeof knownReasons)[number] | 'any'; count: number };

/**
 * The numbers of dropped pairs by reason, from the header's filters; without those, their total with the reason 'any'.
 */
export function droppedReasons(header: SnapshotHeader): DroppedReason[] {
  const dropped = header.filters.dropped;
  if (typeof dropped === 'object' && dropped !== null && !Array.isArray(dropped)) {
    const counts: Record<string, unknown> = { ...dropped };
    const reasons = knownReasons.flatMap((reason) => {
      const count = counts[reason];
      return typeof count === 'number' && count > 0 ? [{ reason, count }] : [];
    });
    if (reasons.length > 0) return reasons;
  }
  return [{ reason: 'any', count: header.counts.dropped_pairs }];
}
