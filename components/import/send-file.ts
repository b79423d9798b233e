import { api } from '@/components/ui/api';
import { type UploadCallbacks, uploadInChunks } from '@/components/ui/resumable-upload';
import { UPLOAD_HEADER, type UploadState } from '@/lib/schemas/upload';

/**
 * Uploads a file to a project in chunks, and then posts to `path`, which reads it. The bytes are sent once: the import
 * reuses the upload of the preview, and after a broken connection or a reload the upload resumes.
 */
export async function sendFile<T>(
  projectId: string,
  path: string,
  { name, body }: { name: string; body: Blob },
  steps: UploadCallbacks,
): Promise<T> {
  const { signal } = steps;
  const known = `${name} ${body instanceof File ? body.lastModified : 'pasted'}`.slice(-600);
  const begin = () =>
    api<UploadState>(`/projects/${projectId}/uploads`, {
      method: 'POST',
      json: { name: known, bytes: body.size },
      signal,
    });
  const upload = await uploadInChunks(begin, body, steps);
  return api<T>(path, { method: 'POST', headers: { [UPLOAD_HEADER]: upload }, signal });
}
