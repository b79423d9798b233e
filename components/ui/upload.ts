import { ApiError, errorFromResponse } from './api';

/**
 * Sends bytes and tells how much of them has left (0..1), which fetch cannot; a file is read from disk as it goes. Answers the parsed JSON of a 2xx;
 * throws ApiError for everything else, with code 'aborted' after `signal`.
 */
export function upload<T>(
  path: string,
  body: Blob | string,
  {
    method = 'POST',
    type,
    onProgress,
    signal,
  }: { method?: 'POST' | 'PUT'; type: string; onProgress?: (share: number) => void; signal?: AbortSignal },
): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const abort = () => request.abort();
    request.open(method, `/api${path}`);
    request.setRequestHeader('content-type', type);
    request.upload.onprogress = (event) => {
      if (event.lengthComputable && event.total > 0) onProgress?.(event.loaded / event.total);
    };
    request.onerror = () => reject(new ApiError(0, 'network', 'The server did not answer.'));
    request.onabort = () => reject(new ApiError(0, 'aborted', 'Stopped.'));
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) {
        try {
          resolve(JSON.parse(request.responseText) as T);
        } catch {
          reject(new ApiError(request.status, 'not_json', 'The server gave an answer that makes no sense.'));
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
