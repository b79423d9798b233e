import { attachment, textStream } from '@/lib/http/download';
import { route } from '@/lib/http/route';
import { exportSnapshot } from '@/lib/services/read-snapshot';

/** The lossless records; their SHA-256 is the snapshot's hash. */
export const GET = route<{ snapshotId: string }>(async ({ actor, db, params }) => {
  const { snapshot, lines } = await exportSnapshot(actor, db, params.snapshotId, 'records');
  return new Response(textStream(lines), {
    headers: attachment(`${snapshot.name}.jsonl`, 'application/x-ndjson; charset=utf-8', {
      'x-snapshot-hash': snapshot.hash,
    }),
  });
});
