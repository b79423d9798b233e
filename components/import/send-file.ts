import { ApiError, api } from '@/components/ui/api';
import { type UploadCallbacks, uploadInChunks } from '@/components/ui/resumable-upload';
import { UPLOAD_HEADER, type UploadState } from '@/lib/schemas/upload';

/**
 * Uploads a file to a project in chunks, and then posts to `path`, which reads it. The bytes are sent once: the import
 * reuses the upload of the preview, and after a broken connection or a reload the upload resumes.
 * @param steps `wasSent` is told when the server has all bytes; `ifLost` says what came of it where no answer comes
 */
export async function sendFile<T>(
  projectId: string,
  path: string,
  { name, body }: { name: string; body: Blob },
  steps: UploadCallbacks & { wasSent?: () => void; ifLost?: () => Promise<T> },
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
  steps.wasSent?.();
  try {
    return await api<T>(path, { method: 'POST', headers: { [UPLOAD_HEADER]: upload }, signal });
  } catch (error) {
    // The server works on without the connection: 'network', or what a proxy answers that waited long enough.
    const isLost = error instanceof ApiError && (error.code === 'network' || [502, 504].includes(error.status));
    if (isLost && steps.ifLost) return steps.ifLost();
    throw error;
  }
}
