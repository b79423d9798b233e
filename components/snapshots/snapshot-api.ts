import type { ExportFormat, ExtraColumn } from '@/lib/schemas/export';

export const snapshotsPath = (projectId: string) => `/projects/${projectId}/snapshots`;
/** Addresses of downloads, for plain links outside the client router. */
export const pairsUrl = (snapshotId: string) => `/api/snapshots/${snapshotId}/pairs`;
export const bundleUrl = (snapshotId: string) => `/api/snapshots/${snapshotId}/bundle`;

interface ExportChoice {
  format: ExportFormat;
  columns: readonly ExtraColumn[];
  people: 'pseudonyms' | 'names';
}
const exportQuery = ({ format, columns, people }: ExportChoice) =>
  new URLSearchParams({ format, columns: columns.join(','), people });
export const exportUrl = (snapshotId: string, choice: ExportChoice) =>
  `/api/snapshots/${snapshotId}/export?${exportQuery(choice)}`;
/** For `useApi`, which knows where the API is. */
export const exportPreviewPath = (snapshotId: string, choice: ExportChoice) =>
  `/snapshots/${snapshotId}/export/preview?${exportQuery(choice)}`;
