import { attachment, textStream } from '@/lib/http/download';
import { route } from '@/lib/http/route';
import { exportSnapshot } from '@/lib/services/read-snapshot';

/** Header line and records: what an import takes. */
export const GET = route<{ snapshotId: string }>(async ({ actor, db, params }) => {
  const { snapshot, lines } = await exportSnapshot(actor, db, params.snapshotId, 'bundle');
  return new Response(textStream(lines), {
    headers: attachment(`${snapshot.name}-snapshot.jsonl`, 'application/x-ndjson; charset=utf-8', {
      'x-snapshot-hash': snapshot.hash,
    }),
  });
});
