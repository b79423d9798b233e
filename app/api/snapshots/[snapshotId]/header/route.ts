import { snapshotDownload } from '@/lib/http/snapshot-download';

/** snapshot.json, the header file beside the records. */
export const GET = snapshotDownload('header');
