import { attachment, byteStream, readChunks } from '@/lib/http/download';
import { route, routeFor } from '@/lib/http/route';
import { readRunFile, storeRunFile } from '@/lib/services/run-files';

export const GET = route<{ runId: string; name: string }>(async ({ actor, db, params }) => {
  const { bytes, stream, sha256 } = await readRunFile(actor, db, params.runId, params.name);
  return new Response(byteStream(stream), {
    headers: attachment(params.name, 'application/octet-stream', {
      'content-length': String(bytes),
      'x-sha256': sha256,
    }),
  });
});

export const PUT = routeFor<{ runId: string; name: string }>('runs.manage', ({ actor, db, request, params }) =>
  storeRunFile(actor, db, params.runId, {
    name: params.name,
    sha256: request.headers.get('x-sha256'),
    body: readChunks(request),
  }),
);
