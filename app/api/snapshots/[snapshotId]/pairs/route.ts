import { snapshotDownload } from '@/lib/http/snapshot-download';

/** TRL preference rows, one a pair. */
export const GET = snapshotDownload('pairs');
