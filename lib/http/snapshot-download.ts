import { snapshotWriter } from '@/lib/formats/registry';
import { exportSnapshot } from '@/lib/services/read-snapshot';
import { attachment, textStream } from './download';
import { route } from './route';

/** A route that downloads a snapshot in this format. */
export function snapshotDownload(formatId: string) {
  const format = snapshotWriter(formatId);
  return route<{ snapshotId: string }>(async ({ actor, db, params }) => {
    const { snapshot, lines } = await exportSnapshot(actor, db, params.snapshotId, format);
    return new Response(textStream(lines), {
      headers: attachment(format.fileName(snapshot.name), format.mediaType, { 'x-snapshot-hash': snapshot.hash }),
    });
  });
}
