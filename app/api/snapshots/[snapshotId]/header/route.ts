import { attachment } from '@/lib/http/download';
import { route } from '@/lib/http/route';
import { getSnapshot } from '@/lib/services/read-snapshot';

/** snapshot.json, the file beside the records. */
export const GET = route<{ snapshotId: string }>(async ({ actor, db, params }) => {
  const { header, hash } = await getSnapshot(actor, db, params.snapshotId);
  return new Response(`${JSON.stringify(header, null, 2)}\n`, {
    headers: attachment('snapshot.json', 'application/json', { 'x-snapshot-hash': hash }),
  });
});
