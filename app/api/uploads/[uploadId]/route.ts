import { readChunks } from '@/lib/http/download';
import { json, parse, route } from '@/lib/http/route';
import { OFFSET_HEADER, offsetSchema } from '@/lib/schemas/upload';
import { appendToUpload, discardUpload, viewUpload } from '@/lib/services/uploads';

type Params = { uploadId: string };

/** The upload's state; HEAD answers the offset in the header alone. */
export const GET = route<Params>(async ({ actor, db, params }) => {
  const state = await viewUpload(actor, db, params.uploadId);
  return json(state, { headers: { [OFFSET_HEADER]: String(state.offset) } });
});

export const PATCH = route<Params>(async ({ actor, db, request, params }) => {
  // The owner is checked before the request's header is parsed.
  await viewUpload(actor, db, params.uploadId);
  const offset = parse(offsetSchema, request.headers.get(OFFSET_HEADER) ?? undefined);
  return appendToUpload(actor, db, params.uploadId, { offset, body: readChunks(request) });
});

export const DELETE = route<Params>(async ({ actor, db, params }) => {
  await discardUpload(actor, db, params.uploadId);
  return new Response(null, { status: 204 });
});
