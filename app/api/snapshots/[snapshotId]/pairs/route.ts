import { attachment, textStream } from '@/lib/http/download';
import { route } from '@/lib/http/route';
import { exportSnapshot } from '@/lib/services/read-snapshot';

/** TRL preference rows, one a pair. */
export const GET = route<{ snapshotId: string }>(async ({ actor, db, params }) => {
  const { snapshot, lines } = await exportSnapshot(actor, db, params.snapshotId, 'pairs');
  return new Response(textStream(lines), {
    headers: attachment(`${snapshot.name}-pairs.jsonl`, 'application/x-ndjson; charset=utf-8', {
      'x-snapshot-hash': snapshot.hash,
    }),
  });
});
