import { snapshotDownload } from '@/lib/http/snapshot-download';

/** TRL preference rows, one per pair. */
export const GET = snapshotDownload('pairs');
