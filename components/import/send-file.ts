import { api } from '@/components/ui/api';
import { type UploadSteps, uploadInPieces } from '@/components/ui/resumable-upload';
import { UPLOAD_HEADER, type UploadState } from '@/lib/schemas/upload';

/**
 * Sends a file to a project in pieces, then has `path` take it. The bytes go once: the import finds what was sent for
 * the preview, and after a broken connection or a reload the sending goes on where it was.
 */
export async function sendFile<T>(
  projectId: string,
  path: string,
  { name, body }: { name: string; body: Blob },
  steps: UploadSteps,
): Promise<T> {
  const { signal } = steps;
  const known = `${name} ${body instanceof File ? body.lastModified : 'pasted'}`.slice(-600);
  const begin = () =>
    api<UploadState>(`/projects/${projectId}/uploads`, {
      method: 'POST',
      json: { name: known, bytes: body.size },
      signal,
    });
  const upload = await uploadInPieces(begin, body, steps);
  return api<T>(path, { method: 'POST', headers: { [UPLOAD_HEADER]: upload }, signal });
}
