import { snapshotDownload } from '@/lib/http/snapshot-download';

/** The lossless records; their SHA-256 is the snapshot's hash. */
export const GET = snapshotDownload('records');
