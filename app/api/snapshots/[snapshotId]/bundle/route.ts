import { snapshotDownload } from '@/lib/http/snapshot-download';

/** Header line and records: what an import takes. */
export const GET = snapshotDownload('bundle');
