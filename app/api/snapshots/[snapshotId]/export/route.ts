import { zipFiles } from '@/lib/containers/zip-files';
import { attachment, byteStream } from '@/lib/http/download';
import { parse, route } from '@/lib/http/route';
import { exportQuerySchema } from '@/lib/schemas/export';
import { exportSnapshotFiles } from '@/lib/services/export-snapshot';

/** The snapshot as a trainer reads it: a ZIP archive of its rows, with a README. */
export const GET = route<{ snapshotId: string }>(async ({ actor, db, params, url }) => {
  const query = parse(exportQuerySchema, Object.fromEntries(url.searchParams));
  const { name, hash, files } = await exportSnapshotFiles(actor, db, params.snapshotId, query);
  return new Response(byteStream(zipFiles(files)), {
    headers: attachment(`${name}.zip`, 'application/zip', { 'x-snapshot-hash': hash }),
  });
});
