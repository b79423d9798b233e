export const snapshotsPath = (projectId: string) => `/projects/${projectId}/snapshots`;
/** Addresses of downloads, for plain links outside the client router. */
export const pairsUrl = (snapshotId: string) => `/api/snapshots/${snapshotId}/pairs`;
export const bundleUrl = (snapshotId: string) => `/api/snapshots/${snapshotId}/bundle`;
