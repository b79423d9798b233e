import type { SnapshotSummary } from '@/lib/schemas/snapshot';

export interface SnapshotsAnswer {
  readonly snapshots: readonly SnapshotSummary[];
}

/** What creating and importing answer; `created` is false when the same content was there already. */
export interface SnapshotAnswer {
  readonly snapshot: SnapshotSummary;
  readonly created: boolean;
}

export const snapshotsPath = (projectId: string) => `/projects/${projectId}/snapshots`;
/** Plain addresses for downloads, outside the client router. */
export const pairsUrl = (snapshotId: string) => `/api/snapshots/${snapshotId}/pairs`;
export const bundleUrl = (snapshotId: string) => `/api/snapshots/${snapshotId}/bundle`;
