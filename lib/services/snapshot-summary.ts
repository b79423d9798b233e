import type { SnapshotRow } from '@/lib/db/snapshots';
import type { SnapshotHeader, SnapshotSummary } from '@/lib/schemas/snapshot';

/** A stored snapshot as the API returns it. */
export function snapshotSummary(row: SnapshotRow): SnapshotSummary {
  const header = row.header as SnapshotHeader;
  return {
    id: row.id,
    projectId: row.projectId,
    name: row.name,
    hash: row.hash,
    strategy: header.strategy,
    promptCount: row.promptCount,
    pairCount: row.pairCount,
    counts: header.counts,
    header,
    createdAt: row.createdAt.toISOString(),
  };
}
