export const snapshotsPath = (projectId: string) => `/projects/${projectId}/snapshots`;
/** Plain addresses for downloads, outside the client router. */
export const pairsUrl = (snapshotId: string) => `/api/snapshots/${snapshotId}/pairs`;
export const bundleUrl = (snapshotId: string) => `/api/snapshots/${snapshotId}/bundle`;
