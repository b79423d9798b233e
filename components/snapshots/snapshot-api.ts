import type { SnapshotHeader } from '@/lib/schemas/snapshot';

/** One entry of GET /api/projects/:id/snapshots; also what creating and importing answer. */
export interface SnapshotSummary {
  readonly id: string;
  readonly name: string;
  readonly hash: string;
  readonly header: SnapshotHeader;
  readonly promptCount: number;
  readonly pairCount: number;
  readonly createdAt: string;
}

export interface SnapshotsAnswer {
  readonly snapshots: readonly SnapshotSummary[];
}

export const snapshotsPath = (projectId: string) => `/projects/${projectId}/snapshots`;
/** Plain addresses for downloads, outside the client router. */
export const pairsUrl = (snapshotId: string) => `/api/snapshots/${snapshotId}/pairs`;
export const bundleUrl = (snapshotId: string) => `/api/snapshots/${snapshotId}/bundle`;
