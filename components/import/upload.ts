import { ApiError, errorFromResponse } from '@/components/ui/api';

/**
 * POSTs text and tells how much of it has left (0..1), which fetch cannot. Answers the parsed JSON of a 2xx;
 * throws ApiError for everything else, with code 'aborted' after `signal`.
 */
export function uploadText<T>(
  path: string,
  body: Blob | string,
  { onProgress, signal }: { onProgress?: (share: number) => void; signal?: AbortSignal } = {},
): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const abort = () => request.abort();
    request.open('POST', `/api${path}`);
    request.setRequestHeader('content-type', 'application/jsonl');
    request.upload.onprogress = (event) => {
      if (event.lengthComputable && event.total > 0) onProgress?.(event.loaded / event.total);
    };
    request.onerror = () =>
      reject(new ApiError(0, 'network', 'The server did not answer. Check your connection and try again.'));
    request.onabort = () => reject(new ApiError(0, 'aborted', 'Stopped.'));
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) {
        try {
          resolve(JSON.parse(request.responseText) as T);
        } catch {
          reject(new ApiError(request.status, 'not_json', 'The server gave an answer that makes no sense. Try again.'));
        }
      } else {
        errorFromResponse(new Response(request.responseText, { status: Math.max(request.status, 200) })).then(
          reject,
          reject,
        );
      }
    };
    request.onloadend = () => signal?.removeEventListener('abort', abort);
    if (signal?.aborted) {
      reject(new ApiError(0, 'aborted', 'Stopped.'));
      return;
    }
    signal?.addEventListener('abort', abort);
    request.send(body);
  });
}
