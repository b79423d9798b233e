import { snapshotDownload } from '@/lib/http/snapshot-download';

/** The header's line and the records: the format that can be imported again. */
export const GET = snapshotDownload('bundle');
