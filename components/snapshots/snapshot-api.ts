import type { LineError } from '@/lib/schemas/prompt-import';
import type { SnapshotSummary } from '@/lib/schemas/snapshot';

export interface SnapshotsAnswer {
  readonly snapshots: readonly SnapshotSummary[];
}

/** What creating and importing answer; `created` is false when the same content was there already. */
export interface SnapshotAnswer {
  readonly snapshot: SnapshotSummary;
  readonly created: boolean;
}

/** What the import says of records that contradict themselves: the first lines, and how many there are. */
export interface SnapshotNotes {
  readonly notes: readonly LineError[];
  readonly noteCount: number;
}

export const snapshotsPath = (projectId: string) => `/projects/${projectId}/snapshots`;
/** Plain addresses for downloads, outside the client router. */
export const pairsUrl = (snapshotId: string) => `/api/snapshots/${snapshotId}/pairs`;
export const bundleUrl = (snapshotId: string) => `/api/snapshots/${snapshotId}/bundle`;
