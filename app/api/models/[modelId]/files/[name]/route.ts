import { byteStream } from '@/lib/http/download';
import { route } from '@/lib/http/route';
import { readModelFile } from '@/lib/services/read-model-file';

export const GET = route<{ modelId: string; name: string }>(async ({ actor, db, params }) => {
  const { bytes, stream } = await readModelFile(actor, db, params.modelId, params.name);
  return new Response(byteStream(stream), {
    headers: {
      'content-type': params.name.endsWith('.json') ? 'application/json' : 'application/octet-stream',
      'content-length': String(bytes),
      'cache-control': 'no-store',
    },
  });
});
