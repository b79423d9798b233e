import { UPLOAD_HEADER } from '@/lib/schemas/upload';
import type { ImportFile } from '@/lib/services/import-file';
import { locateUpload, readUpload } from '@/lib/services/uploads';
import { acquireUploadSlot } from './bounded-body';
import { readBytes, type SignedInContext } from './route';

type Context = SignedInContext<{ projectId: string }>;

/** A file to import: the complete upload that the request's header names, where it lies; or the request's body. */
export async function importFile({
  actor,
  db,
  request,
  params,
}: Context): Promise<{ file: ImportFile; upload?: string }> {
  const upload = request.headers.get(UPLOAD_HEADER);
  if (!upload) return { file: await readBytes(request) };
  return { file: await locateUpload(actor, db, upload, params.projectId), upload };
}

/**
 * A file for a project: the request's body, or the complete upload that its header names. Either is read into memory.
 */
export async function readRequestFile({
  actor,
  db,
  request,
  bounded,
  params,
}: Context): Promise<Uint8Array<ArrayBuffer>> {
  const upload = request.headers.get(UPLOAD_HEADER);
  if (!upload) return readBytes(request);
  bounded.release = acquireUploadSlot(actor.userId);
  return readUpload(actor, db, upload, params.projectId);
}
